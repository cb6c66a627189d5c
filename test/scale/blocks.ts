import { mistake } from '../mutation.ts'
import { buildLibrary, byLibrary } from './library.ts'
import type { OpenWay } from './office.ts'

/** What the library adds to a block after refusals in a row, and what it could add instead. */
const ADDED = 'Math.random() * refusals++ * 2 * DEFAULT_BLOCK_MS'
const CANDIDATES = {
  'nothing: 60 s each time': '0',
  'up to 1 min each time': 'Math.random() * DEFAULT_BLOCK_MS',
  'up to 1, 3, 7, 14, 14 … min: doubling': 'Math.random() * DEFAULT_BLOCK_MS * (Math.min(15, 2 ** refusals++) - 1)',
  '1, 3, 7, 14, 14 … min: doubling, no chance': 'DEFAULT_BLOCK_MS * (Math.min(15, 2 ** refusals++) - 1)',
  'up to 2, 4, 6 … 14 min: **the library**': ADDED,
}
export type CandidateName = keyof typeof CANDIDATES
export const CANDIDATE_NAMES = Object.keys(CANDIDATES) as CandidateName[]

/** @throws {Error} when the library does not add what it is taken to */
export async function buildCandidate(name: CandidateName): Promise<OpenWay> {
  const { mutate, count } = mistake('src/key-request.ts', ADDED, CANDIDATES[name])
  const load = await buildLibrary(mutate)
  if (count() !== 1) throw new Error(`src/key-request.ts has no ${ADDED}`)
  return () => ({ openPage: byLibrary(load) })
}
