import type { Burst } from './measurements/key-requests.ts'
import type { PeerId } from './peers/index.ts'
import { duration, kilobytes, ratio } from './report/numbers.ts'
import type { Measured } from './results.ts'

/** A number that this project has set itself. */
export interface Goal {
  what: string
  goal: string
  measured: string
  bestPeer: string
  isReached: boolean
}

const CORE_BYTES = 7000
const SCRIPT_TAG_BYTES = 12_000
const PEEK_RATIO = 1.5
const STORED_RATIO = 1.3

/** The goals whose numbers were measured. */
export function judge({ sizes, speed, storedKey, firstKey, keyRequests }: Measured): Goal[] {
  const goals: Goal[] = []
  if (sizes) {
    goals.push(
      {
        what: 'core entry, everything bundled',
        goal: `≤ ${kilobytes(CORE_BYTES)}`,
        measured: kilobytes(sizes.core),
        bestPeer: `Firebase App Check ${kilobytes(sizes.firebase)}`,
        isReached: sizes.core <= CORE_BYTES,
      },
      {
        what: 'script-tag file with all three widget connections',
        goal: `≤ ${kilobytes(SCRIPT_TAG_BYTES)}`,
        measured: kilobytes(sizes.scriptTag),
        bestPeer: `@filerobot/core’s own token path ${kilobytes(sizes['filerobot-token-path'])}`,
        isReached: sizes.scriptTag <= SCRIPT_TAG_BYTES,
      },
    )
  }
  if (speed) {
    const { peek, getKey } = speed
    const toClock = peek.library! / peek['Date.now']!
    goals.push(
      {
        what: '`peek()`',
        goal: `≤ ${PEEK_RATIO} × a bare \`Date.now()\``,
        measured: `${ratio(peek.library!, peek['Date.now']!)} (${duration(peek.library!)})`,
        bestPeer: 'none has it',
        isReached: toClock <= PEEK_RATIO,
      },
      {
        what: '`getKey()` with a good key in memory',
        goal: '≤ Firebase’s',
        measured: `${ratio(getKey.library!, getKey.firebase!)} (${duration(getKey.library!)})`,
        bestPeer: `Firebase App Check ${duration(getKey.firebase!)}, auth0-spa-js ${duration(getKey.auth0!)}`,
        isReached: getKey.library! <= getKey.firebase!,
      },
    )
  }
  if (storedKey) {
    const { library, firebase } = storedKey
    goals.push({
      what: 'stored key after a page load',
      goal: `≤ ${STORED_RATIO} × a bare IndexedDB open and get`,
      measured: ratio(library.peer.first, library.bare.first),
      bestPeer: `Firebase App Check ${ratio(firebase.peer.first, firebase.bare.first)}`,
      isReached: library.peer.first <= STORED_RATIO * library.bare.first,
    })
  }
  if (keyRequests) goals.push(requestsGoal(keyRequests.bursts))
  if (firstKey) {
    const { library, 'filerobot-core': vendor } = firstKey.roundTrips
    goals.push({
      what: 'network round trips of a first key',
      goal: '1',
      measured: `${library.all}`,
      bestPeer: `@filerobot/core ${vendor.ofKey}`,
      isReached: library.all === 1,
    })
  }
  return goals
}

function requestsGoal(bursts: Burst[]): Goal {
  const counts = (peer: PeerId) => {
    const { tabs20, reloads10, widgets3 } = bursts.find(burst => burst.peer === peer)!
    return [tabs20, reloads10, widgets3].map(({ keyRequests }) => keyRequests).join(' / ')
  }
  return {
    what: 'key requests: 20 tabs opened at once / 10 reloads in a minute / 3 widgets on a page',
    goal: '1 / 0 / 1',
    measured: counts('library'),
    bestPeer: `auth0-spa-js ${counts('auth0')}, @filerobot/core ${counts('filerobot-core')}`,
    isReached: counts('library') === '1 / 0 / 1',
  }
}
