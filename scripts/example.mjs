// `npm run example -- vue`: installs the example as if the library came from npm, and starts it with the local API.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import { localSettings } from './local-settings.mjs'

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

/** Packs the library as for publishing; returns the tarball. */
function pack() {
  if (!isBuilt()) {
    console.log('Building the library …')
    runNpm(['run', 'build'], root)
  }
  const folder = `${root}node_modules/.cache/examples`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const output = runNpm(['pack', '--ignore-scripts', '--json', '--silent', '--pack-destination', folder], root)
  const packed = join(folder, JSON.parse(output)[0].filename)
  // npm takes a tarball of the same name for the same tarball.
  const hash = createHash('sha256').update(readFileSync(packed)).digest('hex').slice(0, 12)
  const tarball = packed.replace(/\.tgz$/, `-${hash}.tgz`)
  renameSync(packed, tarball)
  return tarball
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

/** Runs the example's own `npm run dev` until it is ended; returns its exit status. */
function runDev(folder, env) {
  const child = spawn(...npm(['run', 'dev']), { cwd: folder, env: { ...process.env, ...env }, stdio: 'inherit' })
  // A terminal sends Ctrl-C to both. The example ends first, and then the API.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}

async function start(name) {
  const folder = `${root}examples/${name}`
  const tarball = pack()
  console.log(`Installing examples/${name} …`)
  runNpm(
    [
      'install',
      '--no-save',
      '--no-package-lock',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      tarball,
    ],
    folder,
  )
  const { module } = await runnerImport(`${root}demo/emulator/index.ts`, { root, logLevel: 'warn' })
  const api = await startApi(module)
  console.log(`\nThe API: ${api.origin} (an emulator: nothing leaves this machine). Ctrl-C ends both.`)
  await runDev(folder, localSettings(api.origin, module.SEED))
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
