// `npm run demo`: builds what is missing or older than its source, then serves the page and the emulator.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

const builds = [
  { mode: 'script', file: 'dist/filerobot-widget-auth.global.js', sources: ['src'], what: 'the script-tag file' },
  {
    mode: 'service-worker',
    file: 'dist/filerobot-widget-auth.service-worker.js',
    sources: ['src'],
    what: 'the service worker',
  },
  {
    mode: 'demo',
    file: 'dist-demo/index.html',
    sources: [
      'src',
      'demo/main.tsx',
      'demo/page',
      'demo/errors',
      'demo/two-tabs',
      'demo/styles',
      'demo/widgets',
      'index.html',
      'vite.config.ts',
    ],
    what: 'the demo’s pages, with three widgets: this takes a moment',
  },
]

/** When a file, or the newest file in a folder, was changed. */
function changedAtMs(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map(name => changedAtMs(`${path}/${name}`)))
}

async function buildWhatIsMissing() {
  for (const { mode, file, sources, what } of builds) {
    const isBuilt = existsSync(root + file)
    if (isBuilt && statSync(root + file).mtimeMs >= Math.max(...sources.map(source => changedAtMs(root + source))))
      continue
    console.log(`Building ${what} …`)
    await build({ root, mode, logLevel: 'warn' })
  }
}

/** A port from the environment, so that two demos can run side by side. */
function portFrom(name) {
  const value = process.env[name]
  if (value === undefined) return undefined
  const port = Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must be a port, 0 to 65535.`)
  return port
}

try {
  await buildWhatIsMissing()
  const { module } = await runnerImport(`${root}demo/server.ts`, { root, logLevel: 'warn' })
  const demo = await module.startDemo({ pagePort: portFrom('DEMO_PORT'), apiPort: portFrom('DEMO_API_PORT') })
  console.log(`
  filerobot-widget-auth, the demo

  Live bench  ${demo.pageOrigin}
  Two tabs    ${demo.pageOrigin}/two-tabs
  Errors      ${demo.pageOrigin}/errors
  Script tag  ${demo.pageOrigin}/script-tag
  Strict CSP  ${demo.pageOrigin}/strict-csp
  API         ${demo.apiOrigin}  (an emulator: nothing leaves this machine)

  Ctrl-C ends it.
`)
  let isEnding = false
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      // The second time somebody insists.
      if (isEnding) process.exit(1)
      isEnding = true
      demo.close().finally(() => process.exit(0))
    })
  }
} catch (error) {
  console.error(`The demo could not be started. ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
