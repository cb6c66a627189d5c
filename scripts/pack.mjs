// Builds the package and packs it, as `npm publish` does: `reports/package.tgz`. What checks and tests say of the package,
// they say of this file, and it is the file that is published. Its hashes are in `reports/integrity.txt`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const tarball = `${root}reports/package.tgz`

const integrity = bytes => `sha512-${createHash('sha512').update(bytes).digest('base64')}`

/** Of the tarball, as npm's registry names it, and of what is compressed in it: one zlib's output is not another's. */
async function writeHashes() {
  const packed = await readFile(tarball)
  const hashes = `package.tgz ${integrity(packed)}\npackage.tar ${integrity(gunzipSync(packed))}\n`
  await writeFile(`${root}reports/integrity.txt`, hashes)
  console.log(hashes.trimEnd())
}

// A tarball holds the files' modes. They are the same whatever the umask of who builds, or who made the clone.
process.umask(0o022)
for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) await chmod(root + file, 0o644)

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
if (packed) await writeHashes()
process.exitCode = status === 0 && packed ? 0 : 1
