// Builds the package and packs it, as `npm publish` does: `reports/package.tgz`. What checks and tests say of the package,
// they say of this file.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tarball = `${root}reports/package.tgz`

await rm(tarball, { force: true })
await mkdir(`${root}reports`, { recursive: true })
const folder = await mkdtemp(`${root}reports/pack-`)

const npm = process.env.npm_execpath
// Its `prepack` builds.
const args = ['pack', '--foreground-scripts', '--pack-destination', folder]
const { status } = spawnSync(npm ? process.execPath : 'npm', npm ? [npm, ...args] : args, {
  cwd: root,
  stdio: 'inherit',
  // Only a shell finds npm on Windows.
  shell: !npm && process.platform === 'win32',
  // Vitest says "test"; it is built as it is published.
  env: { ...process.env, NODE_ENV: 'production' },
})
const [packed] = await readdir(folder)
if (packed) await rename(`${folder}/${packed}`, tarball)
await rm(folder, { recursive: true })
process.exitCode = status === 0 && packed ? 0 : 1
