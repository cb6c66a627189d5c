import type { ApiChange } from '../api/changes.mjs'

/**
 * The exports that are not as they were released and that the changelog does not name under `[Unreleased]`, as a word
 * between backticks.
 *
 * @param released reports of the last release by entry; none before the first
 * @param current reports of now
 * @throws {Error} when the changelog has no such part
 */
export function unnamedChanges(
  released: ReadonlyMap<string, string>,
  current: ReadonlyMap<string, string>,
  changelog: string,
): ApiChange[]
