// `npm run scale`: simulates offices of up to 10,000 browsers behind one address, and writes docs/scale.md and
// docs/scale.svg. Takes some minutes of one core; the time in it is virtual.
//
//   npm run scale -- --page    writes them anew from the results of the last time
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { module } = await runnerImport('./test/scale/main.ts', { root, configFile: false, logLevel: 'warn' })
await module.writeScale(root, process.argv.includes('--page'))
