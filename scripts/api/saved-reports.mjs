// Where the reports of the public types are kept, from the project's folder on.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** As they are now. */
export const currentFolder = 'docs/api-report/'
/** As they were in the last release; absent before the first. */
export const releasedFolder = `${currentFolder}released/`

/** @returns {Map<string, string>} the reports in a folder, by entry */
export function savedReports(folder) {
  if (!existsSync(folder)) return new Map()
  const names = readdirSync(folder).filter(name => name.endsWith('.d.ts'))
  return new Map(names.map(name => [name.replace('.d.ts', ''), readFileSync(folder + name, 'utf8')]))
}
