/**
 * What stands under `## [Unreleased]`, up to the next version.
 *
 * @throws {Error} when there is no such heading
 */
export function unreleasedPart(changelog: string): string

/**
 * The changelog in which what was not released is the part of `version`, and nothing is unreleased.
 *
 * @param date as `'2026-11-27'`
 * @throws {Error} when nothing is unreleased, or the version has a part
 */
export function released(changelog: string, version: string, date: string): string

/** Whether the changelog has a part of that version. */
export function hasVersion(changelog: string, version: string): boolean
