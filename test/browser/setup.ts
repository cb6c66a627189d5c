import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pagesConfig = fileURLToPath(new URL('pages/vite.config.ts', import.meta.url))

/** Builds, once for all tests in a browser, what they load: the package, the two files to host, the demo page, the test pages. */
export default async function buildWhatTestsLoad(): Promise<void> {
  // Vitest says "test"; React and the widgets are bundled as they are published.
  process.env.NODE_ENV = 'production'
  for (const mode of ['production', 'script', 'service-worker', 'demo']) await build({ root, mode, logLevel: 'warn' })
  await build({ configFile: pagesConfig, mode: 'production', logLevel: 'warn' })
}
