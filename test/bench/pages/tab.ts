// A tab of somebody's site in simulated time, with some widgets that use a key now and then.
import { decodeAccessKey } from '../../../src/index.ts'
import { loadPeer, type PeerId } from '../peers/index.ts'
import type { Api } from '../peers/peer.ts'
import type { Control } from './control.ts'

/** What stands in a tab's address. */
export interface TabTask {
  api: Api
  peer: PeerId
  widgets: number
  /** Whether the visitor signs in before anything else, where the peer wants that. */
  signsIn: boolean
}

/** A widget lists a folder, or uploads. */
const FIRST_USE_MS = 5000
const BETWEEN_USES_MS = 5 * 60_000

const { control } = window.opener as Window & { control: Control }
const { api, peer: id, widgets, signsIn } = JSON.parse(decodeURIComponent(location.hash.slice(1))) as TabTask

/** By what is written in the key itself: it is the emulator's, whose time this is. */
function isGood(key: string | undefined): boolean {
  const { startSeconds = 0, ageSeconds = 0 } = (key && decodeAccessKey(key)) || {}
  return (startSeconds + ageSeconds) * 1000 > Date.now()
}

async function begin(): Promise<void> {
  const peer = await loadPeer[id]()
  if (signsIn) await peer.signIn?.(api)
  for (let widget = 0; widget < widgets; widget++) {
    const kept = await peer.start(api)
    const use = async () => {
      setTimeout(() => void use(), BETWEEN_USES_MS)
      control.wants()
      const key = await kept.getKey().catch(() => undefined)
      control.got(isGood(key))
    }
    setTimeout(() => void use(), FIRST_USE_MS)
  }
}

begin().then(control.started, control.failed)
