// Builds what tests in a browser load besides the package: the demo's pages and the pages for tests.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

// Vitest says "test"; React and the widgets are bundled as they are published.
process.env.NODE_ENV = 'production'
await build({ root, mode: 'demo', logLevel: 'warn' })
await build({ configFile: `${root}test/browser/pages/vite.config.ts`, mode: 'production', logLevel: 'warn' })
