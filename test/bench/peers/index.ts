import type { Peer } from './peer.ts'

/** What is compared, in the order of the tables. */
export const PEER_NAMES = {
  library: 'filerobot-widget-auth',
  'filerobot-core': '@filerobot/core',
  firebase: 'Firebase App Check',
  auth0: 'auth0-spa-js',
  'hand-written': 'hand-written',
} as const

export type PeerId = keyof typeof PEER_NAMES

export const PEER_IDS = Object.keys(PEER_NAMES) as PeerId[]

/** Each is loaded only where it is measured. */
export const loadPeer: Record<PeerId, () => Promise<Peer>> = {
  library: () => import('./library.ts'),
  'filerobot-core': () => import('./filerobot-core.ts'),
  firebase: () => import('./firebase.ts'),
  auth0: () => import('./auth0.ts'),
  'hand-written': () => import('./hand-written.ts'),
}
