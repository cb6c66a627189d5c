import { type RunningEmulator, SEED } from '../../demo/emulator/index.ts'
import type { Random } from '../model/random.ts'
import { actionIn, type Happening, oneOf, wrongOffsetMs } from './actions.ts'
import { FileBook } from './file-book.ts'
import type { Excuse, Ledger } from './ledger.ts'
import type { Lockstep } from './lockstep.ts'
import { type Counts, countOne } from './page/calls.ts'
import type { TabAction } from './page/tab.ts'
import type { Profile } from './profile.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { TabSite } from './site.ts'
import { SoakTab } from './tab.ts'
import type { Troubles } from './troubles.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const MOST_TABS = 5
/** How long files may take to be stored when nothing is wrong any more. */
const UPLOADS_MS = 30 * MINUTE_MS

interface Surroundings {
  random: Random
  time: SimulatedTime
  api: RunningEmulator
  profile: Profile
  ledger: Ledger
  troubles: Troubles
  site: TabSite
}

/** Whoever sits at the machine, the machine itself, and the service's bad days: makes things happen, and mends them. */
export class Visitor {
  readonly tabs = new Set<SoakTab>()
  readonly book: FileBook
  /** How often what has happened. */
  readonly counts: Counts = {}
  lockstep!: Lockstep
  /** By how much the machine's clock is wrong. */
  wallOffsetMs = 0
  isOffline = false
  readonly #in: Surroundings
  readonly #wrongClocks = new Set<SoakTab>()
  readonly #deletions = new Map<SoakTab, Excuse>()
  #tabCount = 0
  #haveFaults = false

  constructor(surroundings: Surroundings) {
    this.#in = surroundings
    this.book = new FileBook(surroundings.random)
  }

  readonly mayHang = () => ({
    requestsMayHang: this.#haveFaults || this.isOffline,
    databaseMayHang: this.#isAnyFrozen,
  })

  get #isAnyFrozen(): boolean {
    return [...this.tabs].some(({ isFrozen }) => isFrozen)
  }

  /** Tells the ledger, at every moment, what makes counts and clocks less exact. */
  noteStates(): void {
    const { ledger } = this.#in
    for (const tab of this.#wrongClocks) if (!this.tabs.has(tab)) this.#wrongClocks.delete(tab)
    if (this.wallOffsetMs !== 0 || this.#wrongClocks.size > 0) ledger.noteWrongClock()
    if (this.#wrongClocks.size > 0) ledger.excuse('each for himself')
    for (const [tab, excuse] of this.#deletions) {
      excuse.atMs = this.#in.time.nowMs
      // It is over when its tab says so, or is gone.
      const isUnderWay = this.tabs.has(tab) && (tab.isFrozen || tab.status!.deletionsUnderWay > 0)
      if (!isUnderWay) this.#deletions.delete(tab)
    }
    if (this.#isAnyFrozen || this.#deletions.size > 0) ledger.noteDatabaseTrouble()
  }

  async open(): Promise<void> {
    const { profile, site } = this.#in
    const number = ++this.#tabCount
    const tab = new SoakTab(number, await profile.open(site.url(number)))
    this.tabs.add(tab)
    countOne(this.counts, 'tabs opened')
    await this.lockstep.untilQuiet()
  }

  async make(happening: Happening): Promise<void> {
    const { random, api, ledger, troubles, profile } = this.#in
    countOne(this.counts, happening)
    const awake = [...this.tabs].filter(({ isFrozen }) => !isFrozen)
    const tab =
      awake.length > 0 ? oneOf(awake, random) : await this.#thawAll().then(() => oneOf([...this.tabs], random))
    ledger.tell(`** ${happening} (tab ${tab.number} of ${[...this.tabs].map(({ number }) => number).join()})`)
    switch (happening) {
      case 'open a tab':
        return this.tabs.size < MOST_TABS && !this.isOffline ? this.open() : undefined
      case 'close a tab':
        if (this.tabs.size < 2) return
        this.tabs.delete(tab)
        countOne(this.counts, 'tabs closed')
        return tab.close()
      case 'reload a tab':
        if (this.isOffline) return
        this.book.forget(tab)
        this.#wrongClocks.delete(tab)
        countOne(this.counts, 'tabs reloaded')
        return tab.reload()
      case 'freeze a tab':
        if (awake.length < 2) return
        countOne(this.counts, 'tabs frozen')
        return tab.freeze()
      case 'thaw the tabs':
        return this.#thawAll()
      case 'show the tabs':
        return this.#inAll({ do: 'show', isVisible: true })
      case 'go offline':
        return this.#setOffline(true)
      case 'come online':
        return this.#setOffline(false)
      case 'kill the browser':
        // In the middle of things.
        await tab.act({ do: 'getKey', options: { forceRefresh: true }, count: 3 })
        this.counts['tabs killed'] = (this.counts['tabs killed'] ?? 0) + this.tabs.size
        this.tabs.clear()
        await profile.kill()
        await profile.start()
        this.isOffline = false
        for (let n = Math.floor(random() * 3); n >= 0; n--) await this.open()
        return
      case 'switch faults on':
        this.#haveFaults = true
        await this.lockstep.untilQuiet()
        return api.emulator.setFaults(troubles.draw(3))
      case 'switch faults off':
        return this.#endFaults()
      case 'expire all keys':
        return api.emulator.expireKeys()
      case 'revoke all keys':
        return api.emulator.revokeKeys()
      case 'use up the minute':
        return api.emulator.useUpMinute({ token: SEED.token, templateId: SEED.templateId })
      case 'set the clock':
        return this.#setClock(wrongOffsetMs(random))
      case 'set the clock of a tab':
        ledger.excuse('each for himself')
        this.#wrongClocks.add(tab)
        return tab.act({ do: 'set clock', wallOffsetMs: wrongOffsetMs(random) })
      case 'put the clocks right':
        return this.#setClock(0)
      case 'let the machine sleep':
        return this.lockstep.sleep(oneOf([0.2, 2, 9], random) * HOUR_MS)
      case 'delete the database':
        this.#deletions.set(tab, ledger.excuse('count lost'))
        ledger.noteDatabaseTrouble()
        return tab.act({ do: 'delete database' })
      case 'ask for new keys, one after the other':
        for (let n = 0; n < 8; n++) {
          await tab.act({ do: 'getKey', options: { forceRefresh: true, maxWaitMs: 0 }, count: 1 })
          await this.lockstep.passTo(this.#in.time.nowMs + 300)
        }
        return
      case 'upload by fetch':
      case 'upload by the widget': {
        const by = happening === 'upload by fetch' ? 'fetch' : 'widget'
        for (let n = Math.floor(random() * 3); n >= 0; n--) {
          await tab.act({ do: 'upload', file: this.book.next(tab), by, looksFirst: false })
        }
        return
      }
      default:
        return tab.act(actionIn(happening, random))
    }
  }

  /** Everything is as it should be again, from now on. */
  async mend(): Promise<void> {
    const { ledger } = this.#in
    this.#endFaults()
    await this.#setOffline(false)
    await this.#thawAll()
    await this.#setClock(0)
    await this.#inAll({ do: 'show', isVisible: true })
    this.noteStates()
    await this.lockstep.untilQuiet()
    const [tab] = this.tabs
    for (const file of this.book.takeOrphans(this.tabs, ledger.stored, tab!)) {
      await tab!.act({ do: 'upload', file, by: 'fetch', looksFirst: true })
    }
  }

  /** Each tab gets a key, at the latest when the five of a minute allow it. */
  async expectRecovery(withinMs: number): Promise<void> {
    const { time, ledger } = this.#in
    const outcomes = new Map([...this.tabs].map(tab => [tab, `no answer within ${withinMs} ms`]))
    for (const tab of this.tabs) void tab.isRecovered(withinMs).then(outcome => outcomes.set(tab, outcome))
    await this.lockstep.passTo(time.nowMs + withinMs)
    for (const [{ number }, outcome] of outcomes) {
      if (outcome) ledger.fail(`tab ${number} has no key, long after all faults have ended: ${outcome}`)
    }
  }

  /** Nobody does anything: tabs stand open, some of them hidden, and keys are renewed where somebody looks. */
  async passQuietly(durationMs: number): Promise<void> {
    const { random, time } = this.#in
    for (const tab of this.tabs) if (random() < 0.3) await tab.act({ do: 'show', isVisible: false })
    await this.lockstep.passTo(time.nowMs + Math.max(0, durationMs), true)
    await this.#inAll({ do: 'show', isVisible: true })
  }

  /** At the end, when nothing is wrong any more: what is still to be stored is stored. */
  async finishUploads(): Promise<void> {
    const { time, ledger } = this.#in
    await this.mend()
    for (
      let passedMs = 0;
      ledger.stored.size < this.book.files.length && passedMs < UPLOADS_MS;
      passedMs += MINUTE_MS
    ) {
      await this.lockstep.passTo(time.nowMs + MINUTE_MS)
    }
    const missing = this.book.files.filter(({ number }) => !ledger.stored.has(number))
    if (missing.length > 0) ledger.fail(`${missing.length} files are not stored, long after all faults have ended`)
  }

  #endFaults(): void {
    this.#in.api.emulator.clearFaults()
    this.#haveFaults = false
  }

  async #setOffline(isOffline: boolean): Promise<void> {
    if (this.isOffline === isOffline) return
    this.isOffline = isOffline
    await this.#in.profile.setOffline(isOffline)
  }

  async #thawAll(): Promise<void> {
    for (const tab of this.tabs) if (tab.isFrozen) await tab.thaw(this.lockstep.order())
  }

  async #setClock(wallOffsetMs: number): Promise<void> {
    if (this.wallOffsetMs !== wallOffsetMs || this.#wrongClocks.size > 0) this.#in.ledger.excuse('each for himself')
    this.noteStates()
    this.wallOffsetMs = wallOffsetMs
    this.#wrongClocks.clear()
    await this.#inAll({ do: 'set clock', wallOffsetMs })
  }

  async #inAll(action: TabAction): Promise<void> {
    for (const tab of this.tabs) await tab.act(action)
  }
}
