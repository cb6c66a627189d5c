// Opens the tabs of a simulated visit, which share its process, and lets their time pass.
import { createSharedTime, type SharedTime } from './simulated-time.ts'
import type { TabTask } from './tab.ts'

export interface Control {
  time: SharedTime
  /** How often a widget wanted a key, and how often it got a good one. */
  uses: { all: number; good: number }
  wants(): void
  got(isGood: boolean): void
  started(): void
  failed(error: unknown): void
  /** Opens tabs at once; resolves when all have started, and what they have begun is over. */
  open(task: TabTask, count: number): Promise<void>
  /** Loads all tabs again. */
  reload(): Promise<void>
  close(): void
}

declare global {
  interface Window {
    control: Control
  }
}

const time = createSharedTime()
const tabs: Window[] = []
let missing = 0
let allStarted: { resolve: () => void; reject: (error: unknown) => void } | undefined

const starting = (count: number, begin: () => void) =>
  new Promise<void>((resolve, reject) => {
    missing = count
    allStarted = { resolve, reject }
    begin()
  }).then(time.settled)

const control: Control = {
  time,
  uses: { all: 0, good: 0 },
  wants() {
    control.uses.all += 1
  },
  got(isGood) {
    if (isGood) control.uses.good += 1
  },
  started() {
    missing -= 1
    if (missing === 0) allStarted?.resolve()
  },
  failed: error => allStarted?.reject(error),
  open: (task, count) =>
    starting(count, () => {
      for (let index = 0; index < count; index++) {
        const tab = window.open(`/tab#${encodeURIComponent(JSON.stringify(task))}`, '_blank')
        if (!tab) throw new Error('The browser let no tab be opened.')
        tabs.push(tab)
      }
    }),
  reload: () => starting(tabs.length, () => tabs.forEach(tab => tab.location.reload())),
  close() {
    tabs.splice(0).forEach(tab => tab.close())
  },
}
window.control = control
