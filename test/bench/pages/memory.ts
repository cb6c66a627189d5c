// Much of the same, to see what of it stays.
import { loadPeer, type PeerId } from '../peers/index.ts'
import type { Api, Kept, Peer } from '../peers/peer.ts'

declare global {
  interface Window {
    memory: typeof memory
  }
}

let peer: Peer | undefined
let kept: Kept | undefined

const memory = {
  async start(id: PeerId, api: Api) {
    peer = await loadPeer[id]()
    await peer.signIn?.(api)
  },
  async call(count: number, api: Api) {
    kept ??= await peer!.start(api)
    for (let i = 0; i < count; i++) await kept.getKey()
  },
  /** Makes one, gets a key, ends it. */
  async cycle(count: number, api: Api) {
    for (let i = 0; i < count; i++) {
      const kept = await peer!.start(api)
      await kept.getKey()
      await kept.end?.()
    }
  },
}
window.memory = memory
