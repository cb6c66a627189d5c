// Builds what tests in a browser load besides the package: the demo's pages, the pages for tests, and the library that
// these share.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { buildLibrary } from './build-library.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

// Vitest says "test"; React and the widgets are bundled as they are published.
process.env.NODE_ENV = 'production'
await build({ root, mode: 'demo', logLevel: 'warn' })
await buildLibrary()
await buildTestPages()

/**
 * Vite 8.3.8 now and then leaves a page's own script out, of two pages that share one: each of their tests then waits for
 * it in vain. Seen once in a run of the whole, and gone with the next build of the same files.
 */
async function buildTestPages() {
  const pages = `${root}test/browser/pages`
  let empty = []
  for (let attempt = 1; attempt <= 3; attempt++) {
    await build({ configFile: `${pages}/vite.config.ts`, mode: 'production', logLevel: 'warn' })
    empty = await pagesWithoutScript(`${root}node_modules/.cache/test-pages`)
    if (empty.length === 0) return
    console.warn(`Built without its own script, in attempt ${attempt}: ${empty.join(', ')}.`)
  }
  throw new Error(`These test pages have no script of their own: ${empty.join(', ')}.`)
}

async function pagesWithoutScript(folder) {
  const names = (await readdir(folder)).filter(name => name.endsWith('.html'))
  const texts = await Promise.all(names.map(name => readFile(`${folder}/${name}`, 'utf8')))
  // Every page has the polyfill's besides.
  return names.filter((_, index) => !/<script[^>]* src="(?![^"]*polyfill)/.test(texts[index]))
}
