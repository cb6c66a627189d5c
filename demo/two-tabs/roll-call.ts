import type { AuthState } from '../../src/index.ts'

/** What a tab says of itself. Never its key: the fingerprint tells two apart. */
export interface TabReport {
  id: string
  name: string
  status: AuthState['status']
  fingerprint: string
}

/** What all tabs are told to do at once. */
export type Order = 'report' | 'get-key' | 'sign-out'

type Message = { report: TabReport } | { gone: string } | { order: Order }

const CHANNEL = 'filerobot-demo.tabs'

/** A tab's end of the line: hears orders, and reports. */
export function joinRoll(id: string, onOrder: (order: Order) => void) {
  const channel = new BroadcastChannel(CHANNEL)
  const send = (message: Message) => channel.postMessage(message)
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if ('order' in data) onOrder(data.order)
  })
  addEventListener('pagehide', () => send({ gone: id }))
  return { report: (report: TabReport) => send({ report }) }
}

/** The bench's end: hears of tabs, also of those that were opened by hand, and gives orders. */
export function callRoll(onReport: (report: TabReport) => void, onGone: (id: string) => void) {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if ('report' in data) onReport(data.report)
    else if ('gone' in data) onGone(data.gone)
  })
  return { order: (order: Order) => channel.postMessage({ order } satisfies Message) }
}
