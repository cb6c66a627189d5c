import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { getMimeType } from 'hono/utils/mime'
import type { SeedFile, TemplateInput } from '../../demo/emulator/index.ts'
import { UsageError } from './exit-status.js'

/**
 * The files of a folder, to be stored under the same paths.
 *
 * @throws {UsageError}
 */
export async function readSeedFiles(folder: string): Promise<SeedFile[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name))
    return await Promise.all(
      paths.map(async path => {
        const inProject = `/${relative(folder, path).split(sep).join('/')}`
        return { path: inProject, bytes: await readFile(path), type: getMimeType(path)?.replace(/;.*/, '') }
      }),
    )
  } catch (error) {
    throw new UsageError(`--files: the folder cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/**
 * A template, or a list of them, out of a JSON file. Whether they are templates is for the emulator to say.
 *
 * @throws {UsageError}
 */
export async function readTemplates(file: string): Promise<Omit<TemplateInput, 'token'>[]> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'))
    return (Array.isArray(read) ? read : [read]) as Omit<TemplateInput, 'token'>[]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`--templates: the file ${code ? `cannot be read (${code})` : 'is not JSON'}`)
  }
}
