export interface ApiChange {
  /** The report's name: `'core'`, `'widgets'`, … */
  entry: string
  /** Of the export. */
  name: string
  change: 'new' | 'changed' | 'gone'
}

/**
 * The exports whose types are not the same in both. A type that no entry exports counts as a part of the exports that
 * name it, in one step or several.
 *
 * @param before reports by entry; none of an entry that was not there
 * @param after the same, later
 * @returns in the order of the reports, those that are gone at the end
 */
export function changedExports(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ApiChange[]
