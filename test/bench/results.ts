import type { FirstKey } from './measurements/first-key.ts'
import type { KeyRequests } from './measurements/key-requests.ts'
import type { Memory } from './measurements/memory.ts'
import type { Sizes } from './measurements/sizes.ts'
import type { Speed } from './measurements/speed.ts'
import type { StoredKey } from './measurements/stored-key.ts'

/** What was measured; what was not is left out. */
export interface Measured {
  sizes?: Sizes
  speed?: Speed
  storedKey?: StoredKey
  firstKey?: FirstKey
  keyRequests?: KeyRequests
  memory?: Memory[]
}

/** Where, with what, and when. */
export interface Circumstances {
  /** For example `'2 × AMD EPYC, 8 GB, Debian GNU/Linux 12'`. */
  machine: string
  versions: { name: string; version: string }[]
  /** `'2026-11-27'`. */
  date: string
}
