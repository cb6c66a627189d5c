import { type RunningEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import { seededRandom } from '../model/random.ts'
import type { Mutate } from '../mutation.ts'
import { HAPPENINGS, type Happening, pick, quietMs } from './actions.ts'
import { bundleTab } from './bundle.ts'
import { KeyRegister } from './key-register.ts'
import { Ledger } from './ledger.ts'
import { Lockstep } from './lockstep.ts'
import { Profile } from './profile.ts'
import { type Result, resultOf } from './result.ts'
import { SimulatedTime } from './simulated-time.ts'
import { serveTabs, type TabSite } from './site.ts'
import { shuffled, Troubles } from './troubles.ts'
import { Visitor } from './visitor.ts'

const HOUR_MS = 3_600_000
/** Longer than any block: 15 minutes, and a minute. */
const RECOVERY_MS = 17 * 60_000
/** How long whoever asks then may have to wait: for the five of a minute. */
const PATIENCE_MS = 61_000

/** How likely it is with each thing that happens that a machine without a network has it back. */
const BACK_ONLINE = 0.25

export interface SoakOptions {
  /** The same one brings about the same schedule; what comes of it depends on the machine too. */
  seed: number
  /** Of simulated time, at least. */
  hours: number
  /** In real time: it comes to its end when they are over, however little was simulated. */
  minutes: number
  /** How many things happen in a busy spell. @default 60 */
  spellLength?: number
  /** Of the quiet spells; the short form has no nights. */
  longestQuietHours?: number
  /** Nothing else happens. @default everything */
  only?: readonly Happening[]
  /** For the proof that the soak can fail: see {@link bundleTab}. */
  mutate?: Mutate
  /** Spoils what the service stores, for the same proof. */
  spoil?: (api: RunningEmulator) => void
  onProgress?: (words: string) => void
}

/** Runs the soak from its beginning to its end, and says what has happened, and what must not have. */
export async function soak(options: SoakOptions): Promise<Result> {
  const { seed, hours, minutes, mutate, spoil, spellLength = 60, longestQuietHours = 12, only, onProgress } = options
  const startedAtMs = performance.now()
  const random = seededRandom(seed)
  const time = new SimulatedTime()
  const beganAtMs = time.nowMs
  const nowMs = () => time.nowMs
  const [script, api] = await Promise.all([
    bundleTab(mutate),
    startEmulator({ drawAtStart: false, nowMs, wait: time.wait }),
  ])
  spoil?.(api)
  const register = new KeyRegister(api, nowMs)
  const ledger = new Ledger(register.keys, nowMs)
  const profile = new Profile(text => ledger.fail(`uncaught: ${text}`))
  const troubles = new Troubles(random)
  let site: TabSite | undefined
  try {
    site = await serveTabs(script, number => ({
      number,
      nowMs: time.nowMs,
      wallOffsetMs: visitor.wallOffsetMs,
      apiBase: api.origin,
      token: SEED.token,
      templateId: SEED.templateId,
    }))
    const visitor: Visitor = new Visitor({ random, time, api, profile, ledger, troubles, site })
    const lockstep = new Lockstep(time, visitor.tabs, visitor.mayHang, (tab, status) => {
      visitor.noteStates()
      ledger.note(tab, status)
    })
    visitor.lockstep = lockstep
    await profile.start()
    await visitor.open()

    // Everything once, however short the run is.
    const first = only ? [] : shuffled(HAPPENINGS, random)
    const isOver = () =>
      time.nowMs - beganAtMs >= hours * HOUR_MS ||
      performance.now() - startedAtMs >= minutes * 60_000 ||
      ledger.violations.length > 0
    while (!isOver()) {
      for (let n = 0; n < spellLength && ledger.violations.length === 0; n++) {
        const isBackOnline = visitor.isOffline && random() < BACK_ONLINE
        await visitor.make(isBackOnline ? 'come online' : (first.pop() ?? pick(random, only)))
        await lockstep.passTo(time.nowMs + Math.ceil(-Math.log(1 - random()) * 8000))
      }
      await visitor.mend()
      await lockstep.passTo(time.nowMs + RECOVERY_MS, true)
      await visitor.expectRecovery(PATIENCE_MS)
      await visitor.passQuietly(Math.min(quietMs(random), longestQuietHours * HOUR_MS) - RECOVERY_MS)
      onProgress?.(
        `${((time.nowMs - beganAtMs) / HOUR_MS).toFixed(1)} simulated hours, ${ledger.startCount} key requests, ` +
          `${ledger.stored.size} of ${visitor.book.files.length} files`,
      )
    }
    if (ledger.violations.length === 0) await visitor.finishUploads()
    return resultOf({
      ...{ seed, register, ledger, faultTimes: troubles.times, happened: visitor.counts, book: visitor.book },
      ...{ emulator: api.emulator, stepCount: lockstep.stepCount, browserVersion: profile.browserVersion },
      simulatedMs: time.nowMs - beganAtMs,
      realMs: performance.now() - startedAtMs,
    })
  } finally {
    await profile.close()
    await Promise.all([site?.close(), api.close()])
  }
}
