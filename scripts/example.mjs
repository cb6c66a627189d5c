// `npm run example -- vue`: installs the example as if the library came from npm, and starts it with the local API.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import { localSettings } from './local-settings.mjs'
import { endTree } from './process-tree.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const examples = readdirSync(`${root}examples`, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && entry.name !== 'node_modules')
  .map(entry => entry.name)

/** By the npm that runs this script: on Windows `npm` is no program that can be started without a shell. */
function npm(args) {
  const own = process.env.npm_execpath
  return own ? [process.execPath, [own, ...args]] : ['npm', args]
}

/** Runs npm to its end and returns what it wrote. */
function runNpm(args, cwd) {
  const { status, stdout, stderr } = spawnSync(...npm(args), { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  throw new Error(`"npm ${args.join(' ')}" failed:\n${stdout}${stderr}`)
}

/** When a file, or the newest file in a folder, was changed. */
function changedAtMs(path) {
  const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : ['']
  return Math.max(...names.map(name => statSync(join(path, name)).mtimeMs))
}

/** Whether everything is built, and of the sources as they are now. */
function isBuilt() {
  // What a build writes last.
  const built = `${root}dist/types/emulator.d.ts`
  const sources = ['src', 'demo/emulator', 'package.json', 'vite.config.ts']
  return existsSync(built) && sources.every(source => changedAtMs(root + source) <= changedAtMs(built))
}

/** Installs an example, and the library in it as if it came from npm. */
function install(folder) {
  const library = mkdtempSync(join(tmpdir(), 'filerobot-widget-auth-'))
  try {
    const packed = runNpm(['pack', '--ignore-scripts', '--json', '--silent', '--pack-destination', library], root)
    const tarball = join(library, JSON.parse(packed)[0].filename)
    const options = [
      '--no-save',
      '--no-package-lock',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
    ]
    runNpm(['install', ...options, tarball], folder)
  } finally {
    rmSync(library, { recursive: true })
  }
}

/** Another program may have the usual port. */
async function startApi({ startEmulator }) {
  try {
    return await startEmulator({ port: 8787 })
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error
    return startEmulator()
  }
}

/** Runs the example's own `npm run dev` until that is over. */
function runDev(folder, env) {
  const child = spawn(...npm(['run', 'dev']), { cwd: folder, env: { ...process.env, ...env }, stdio: 'inherit' })
  // A terminal sends Ctrl-C to both: the example ends by itself, and then the API.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => endTree(child.pid))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

async function start(name) {
  const folder = `${root}examples/${name}`
  if (!isBuilt()) {
    console.log('Building the library …')
    runNpm(['run', 'build'], root)
  }
  console.log(`Installing examples/${name} …`)
  install(folder)
  const { module } = await runnerImport(`${root}demo/emulator/index.ts`, { root, logLevel: 'warn' })
  const api = await startApi(module)
  console.log(`\nThe API: ${api.origin} (an emulator: nothing leaves this machine). Ctrl-C ends both.`)
  // Next would tell its makers.
  await runDev(folder, { ...localSettings(api.origin, module.SEED), NEXT_TELEMETRY_DISABLED: '1' })
  await api.close()
}

const [name] = process.argv.slice(2)
if (examples.includes(name)) {
  await start(name).catch(error => {
    console.error(error.message)
    process.exitCode = 1
  })
} else {
  console.log(`Which one? npm run example -- ${examples.join(' | ')}`)
  process.exitCode = 1
}
