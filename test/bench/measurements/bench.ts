import type { Browser } from 'playwright-core'
import type { Servers } from '../servers.ts'

/** What a measurement is given. */
export interface Bench {
  browser: Browser
  servers: Servers
  /** Fewer rounds: to see that everything runs. */
  isQuick: boolean
  /** Says how far it is. */
  tell(words: string): void
}
