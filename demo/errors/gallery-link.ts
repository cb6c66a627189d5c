import type { AuthErrorCode } from '../../src/index.ts'
import { decoded, keyIn } from '../page/link/keys-in-address.ts'
import { linkNotes } from '../page/link/link-notes.tsx'
import { quoted } from '../page/link/read-link.ts'
import { catalogue, findWay } from './catalogue/catalogue.ts'
import { chosenWays, produce } from './exhibits.ts'
import type { Way } from './way.ts'

/** The place of the cards in the page, which a link may name too. */
export const CARDS_ID = 'errors'

/** `#rate_limited` for an error's first way, `#rate_limited/own-count` for another. */
export function linkTo(code: AuthErrorCode, way: Way): string {
  return way === catalogue[code].ways[0] ? `#${code}` : `#${code}/${way.id}`
}

export function chooseWay(code: AuthErrorCode, wayId: string): void {
  chosenWays.value = { ...chosenWays.value, [code]: wayId }
}

/** Produces an error, and makes the address a link to it. */
export function produceLinked(code: AuthErrorCode, way: Way): void {
  history.replaceState(history.state, '', linkTo(code, way))
  linkNotes.value = []
  void produce(code, way)
}

/** Produces the error that the address names. */
export async function followHash(): Promise<void> {
  const name = decoded(location.hash.slice(1))
  if (!name || name === CARDS_ID) return
  const found = findWay(name)
  if (!found) {
    // A key is told of by its own note, without its value.
    if (!keyIn(name)) linkNotes.value = [`There is no error ${quoted(name)}. All of them are below.`]
    return
  }
  const { code, way } = found
  linkNotes.value = []
  chooseWay(code, way.id)
  const card = document.querySelector<HTMLElement>(`#${code}`)
  card?.focus({ preventScroll: true })
  card?.scrollIntoView()
  await produce(code, way)
}
