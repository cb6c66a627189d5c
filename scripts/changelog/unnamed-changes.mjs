// Finds changes of the public types that a changelog does not tell.
import { changedExports } from '../api/changes.mjs'
import { unreleasedPart } from './unreleased.mjs'

/** See `unnamed-changes.d.mts`. */
export function unnamedChanges(released, current, changelog) {
  const codes = [...unreleasedPart(changelog).matchAll(/`([^`]+)`/g)].map(([, code]) => code)
  const named = new Set(codes.flatMap(code => code.match(/[\w$]+/g) ?? []))
  return changedExports(released, current).filter(({ name }) => !named.has(name))
}
