// `npm run soak`: several days in the life of a browser profile, in compressed time; see test/soak/README.md.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { module } = await runnerImport(`${root}test/soak/command.ts`, { root, logLevel: 'warn' })
await module.main(process.argv.slice(2))
