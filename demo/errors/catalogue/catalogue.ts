import type { AuthErrorCode } from '../../../src/index.ts'
import type { Way } from '../way.ts'
import { failures } from './failures.ts'
import { mistakes } from './mistakes.ts'
import { refusals } from './refusals.ts'

/** An error of the taxonomy, and the ways to come to it. */
export interface CataloguedError {
  /** What it means, for who meets it first. */
  gist: string
  /** What would mend it; in full in `docs/errors.md`. */
  mended: string
  ways: readonly [Way, ...Way[]]
}

/** All of them, in the order in which a page meets them. */
export const catalogue: Record<AuthErrorCode, CataloguedError> = { ...mistakes, ...refusals, ...failures }

export const codes = Object.keys(catalogue) as AuthErrorCode[]

/** What a link names as `code` or `code/way`; the first way where it names none. */
export function findWay(name: string): { code: AuthErrorCode; way: Way } | undefined {
  const [code, wayId] = name.split('/')
  if (!code || !Object.hasOwn(catalogue, code)) return undefined
  const { ways } = catalogue[code as AuthErrorCode]
  const way = wayId === undefined ? ways[0] : ways.find(({ id }) => id === wayId)
  return way && { code: code as AuthErrorCode, way }
}
