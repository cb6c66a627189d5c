import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { minifiedBundle } from '../../../scripts/minified-bundle.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What a page loads, in bytes: minified for ES2022, gzip -9. */
export interface Sizes {
  core: number
  scriptTag: number
  'filerobot-token-path': number
  'filerobot-core': number
  firebase: number
  auth0: number
  'hand-written': number
}

const ENTRIES: Record<Exclude<keyof Sizes, 'scriptTag'>, string> = {
  core: 'src/index.ts',
  'filerobot-token-path': 'test/bench/entries/filerobot-token-path.js',
  'filerobot-core': 'test/bench/entries/filerobot-core.js',
  firebase: 'test/bench/entries/firebase-app-check.js',
  auth0: 'test/bench/entries/auth0-spa-js.js',
  'hand-written': 'test/bench/entries/hand-written.js',
}

const gzipBytes = (code: string | Uint8Array) => gzipSync(code, { level: 9 }).length

/** The same pieces, each with everything in it, by one bundler; and the script-tag file as it is published. */
export async function measureSizes(): Promise<Sizes> {
  const sizes: Partial<Sizes> = {}
  for (const [name, entry] of Object.entries(ENTRIES)) {
    sizes[name as keyof typeof ENTRIES] = gzipBytes(await minifiedBundle(entry))
  }
  const outDir = `${root}node_modules/.cache/bench-script-tag`
  await build({ root, mode: 'script', logLevel: 'warn', build: { outDir } })
  const scriptTag = gzipBytes(await readFile(`${outDir}/filerobot-widget-auth.global.js`))
  return { ...(sizes as Sizes), scriptTag }
}
