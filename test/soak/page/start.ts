import { countBrowserWork } from './browser-work.ts'
import { ElasticTime } from './elastic-time.ts'

const { nowMs, wallOffsetMs } = window.soakOptions

/** Made before anything else of the page is loaded: whoever keeps a clock of his own shall find this one. */
export const time = new ElasticTime(nowMs, wallOffsetMs)
countBrowserWork(time)
