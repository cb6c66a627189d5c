import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const isLeftOut = (path: string) => /(^|\/)(node_modules|dist|dist-demo|reports|\.git)$/.test(path.replaceAll(sep, '/'))

/**
 * Makes the package once more from a copy of the project: in another folder, by a machine with another time zone,
 * language, clock and umask.
 *
 * @param bundled the packages that are built in: their paths could get into what is built, so they are copied too
 * @returns the copy's folder
 */
export function buildElsewhere(bundled: string[]): string {
  // With what a path may have: a space, and a letter that is not ASCII.
  const folder = mkdtempSync(join(tmpdir(), 'zweites Mal für '))
  cpSync(root, folder, { recursive: true, filter: path => !isLeftOut(relative(root, path)) })
  copyModules(join(root, 'node_modules'), join(folder, 'node_modules'), bundled)
  // In Turkish, `i` is no lower case of `I`, and the alphabet has another order.
  const elsewhere = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', SOURCE_DATE_EPOCH: '1' }
  const umask = process.umask(0o077)
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/pack.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 240_000,
      env: { ...process.env, ...elsewhere },
    })
    if (status !== 0) throw new Error(`The second build ended with ${status}:\n${stdout}\n${stderr}`)
  } finally {
    process.umask(umask)
  }
  return folder
}

/** Copies the packages that are named, and links all others: tools are read, and leave no path of theirs. */
function copyModules(from: string, to: string, copied: string[]): void {
  for (const name of copied) cpSync(join(from, name), join(to, name), { recursive: true })
  for (const name of readdirSync(from)) {
    if (name.startsWith('@')) {
      for (const scoped of readdirSync(join(from, name))) link(`${name}/${scoped}`)
    } else if (name === '.bin' || !name.startsWith('.')) link(name)
  }
  function link(name: string) {
    if (copied.includes(name)) return
    mkdirSync(dirname(join(to, name)), { recursive: true })
    symlinkSync(join(from, name), join(to, name), 'junction')
  }
}

/** All files in a folder, by path. */
export const filesIn = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [relative(folder, path).replaceAll(sep, '/'), readFileSync(path)]),
  )
