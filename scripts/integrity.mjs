// Prints the integrity hash of the script-tag file, as a page names it, and with `--write` puts it into every snippet of
// the documentation. The last step of `npm run build`; a test holds the README to it.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const fileName = 'filerobot-widget-auth.global.js'
const file = await readFile(`${root}dist/${fileName}`)
const integrity = `sha384-${createHash('sha384').update(file).digest('base64')}`
console.log(`${fileName}: integrity="${integrity}"`)

if (process.argv.includes('--write')) {
  const pages = [
    'README.md',
    ...(await readdir(`${root}docs`)).filter(name => name.endsWith('.md')).map(name => `docs/${name}`),
  ]
  for (const page of pages) {
    const text = await readFile(root + page, 'utf8')
    const written = text.replace(/integrity="sha384-[^"]*"/g, `integrity="${integrity}"`)
    if (written !== text) await writeFile(root + page, written)
  }
}
