import { Hono } from 'hono'
import { createClock } from './clock.ts'
import { noFaults, wrongFaults } from './fault-specs.ts'
import type { Faults } from './faults.ts'
import { identifyCaller, identifyCallerAgain } from './http/access.ts'
import { json, refused } from './http/answers.ts'
import { readBody } from './http/body.ts'
import type { EmulatorEnv } from './http/context.ts'
import { cors } from './http/cors.ts'
import { faulty } from './http/faulty-api.ts'
import { holding } from './http/holding.ts'
import { latency, type Wait, waitInRealTime } from './http/latency.ts'
import { logging } from './http/logging.ts'
import { Refusal } from './refusal.ts'
import type { LogEntry } from './request-log.ts'
import { adminRoutes, type FileSummary, filesOf } from './routes/admin.ts'
import { deliveryRoutes } from './routes/delivery.ts'
import { explorerRoutes } from './routes/explorer.ts'
import { fileRoutes } from './routes/files.ts'
import { keyInfoRoute, keyRoutes } from './routes/key.ts'
import { uploadRoute } from './routes/upload.ts'
import { type SeedOptions, seed } from './seed/index.ts'
import type { CountryOf } from './source-scope.ts'
import { makeTemplate, type TemplateInput } from './templates.ts'
import { type Counters, createWorld, type World } from './world.ts'

/** What {@link createEmulator} takes: what it knows at the start, how it answers, and its time. All may be left out. */
export interface EmulatorOptions extends SeedOptions {
  /** Faults that are switched on from the start, and again after a reset. @default none */
  faults?: Partial<Faults> | undefined
  /**
   * Real time, in milliseconds since 1970. Keys, limits, `Date`, `Retry-After` and the log all go by it, so that a day
   * can be run through in no time. @default the global Date.now, looked up at each call
   */
  nowMs?: (() => number) | undefined
  /** How delays are waited for. @default timers */
  wait?: Wait | undefined
  /** Country of an address, for templates with countries. @default always unknown */
  countryOf?: CountryOf | undefined
}

/** Answers requests in process, without a server. */
export interface EmulatorApp {
  /**
   * Answers as the service would.
   *
   * @param from `address` is taken for the caller's
   */
  fetch(request: Request, from?: { address?: string }): Response | Promise<Response>
  /** The same for a path or an address. */
  request(input: RequestInfo | URL, init?: RequestInit, from?: { address?: string }): Response | Promise<Response>
}

/** A local stand-in for the Filerobot API: an app and the world in memory that it serves. */
export interface Emulator {
  /** Answers without a server. */
  readonly app: EmulatorApp
  /** The last 5,000 requests. */
  readonly log: LogEntry[]
  /** What was counted since the start, or the last reset. */
  readonly counters: Readonly<Counters>
  /** What is switched at the moment. */
  readonly faults: Readonly<Faults>
  /** Switches some faults and leaves the others. @throws {TypeError} naming what is unknown or of the wrong type */
  setFaults(faults: Partial<Faults>): void
  /** All faults to their defaults. What was kept back is released. */
  clearFaults(): void
  /** How many requests came and are not answered yet, because of a delay or a fault; those that hang among them. */
  readonly openRequests: number
  /** How many answers are kept back at the moment, by the fault `holdAnswers`. */
  readonly heldAnswers: number
  /** Lets the answers go that are kept back, and returns how many they were. Later ones are kept back again. */
  release(): number
  /**
   * `offsetMs` puts the server's clock that far ahead of real time, and leaves the limits' windows alone; `advanceMs`
   * lets time pass for keys and windows alike.
   */
  setClock(change: { offsetMs?: number; advanceMs?: number }): void
  /** As if others behind an address had asked for all keys of this minute. @throws {Error} for an unknown template */
  useUpMinute(of: { token: string; templateId: string; address?: string }): void
  /** All keys issued so far are refused as `KEY_EXPIRED`. */
  expireKeys(): void
  /** All keys issued so far are refused as `ERR_SASS_INVALID`. */
  revokeKeys(): void
  /** Adds a template, or replaces the one of the same identifier for keys to come. */
  putTemplate(template: TemplateInput): void
  /** The stored files in and below `folder`. Asking for all of them draws what is not drawn yet. @default '/' */
  files(folder?: string): FileSummary[]
  /** Back to the start: files, keys, limits, counters, log, faults and clock. */
  reset(): void
}

function assertFaults(faults: unknown): void {
  const wrong = wrongFaults(faults)
  if (wrong.length > 0) throw new TypeError(wrong.join('; '))
}

/**
 * Makes an emulator that answers in process.
 *
 * @example await createEmulator().app.request('/fdemo42x/key/SECU_5EEDA11000000000000000000000DE30')
 * @throws {TypeError} naming the option, or the fault, that is not as it should be
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const {
    nowMs = () => Date.now(),
    wait = waitInRealTime,
    countryOf = () => undefined,
    faults = {},
    ...seeds
  } = options
  assertFaults(faults)
  const newWorld = (lastLogId: number) => {
    const fresh = seed(createWorld(createClock(nowMs), countryOf, lastLogId), seeds)
    fresh.faults = { ...fresh.faults, ...faults }
    return fresh
  }
  let world: World = newWorld(0)

  const app = new Hono<EmulatorEnv>()
    .use(async (c, next) => {
      // A request stays in the world in which it began, also when that is reset meanwhile.
      c.set('world', world)
      await next()
      const date = new Date(c.var.world.clock.wallMs())
      if (!c.var.isDropped && !Number.isNaN(date.getTime())) c.res.headers.set('Date', date.toUTCString())
    })
    .use(logging, holding, latency(wait), cors)
    .use('/:token/:version{v4|v5}/*', identifyCaller, readBody(wait), identifyCallerAgain, faulty('apiAnswer'))
    .use('/:token/:version{v4|v5}/key/info', faulty('keyInfoAnswer'))
    .use('/public/*', faulty('apiAnswer'))
    .use('/_emulator/*', readBody(wait))
    .route('/', keyRoutes)
    .route('/', keyInfoRoute)
    .route('/', uploadRoute)
    .route('/', fileRoutes)
    .route('/', explorerRoutes)
    .route('/', deliveryRoutes)
    .route(
      '/',
      adminRoutes(() => emulator),
    )
    .notFound(() => json(404, new Refusal(404, 'NOT_FOUND', 'This address does not exist').body))
    .onError(error => {
      if (error instanceof Refusal) return refused(error)
      // A dropped connection, or a fault of the emulator itself, which must be seen.
      throw error
    })

  const emulator: Emulator = {
    app,
    get log() {
      return world.log.entries()
    },
    get counters() {
      return world.counters
    },
    get faults() {
      return world.faults
    },
    setFaults(faults) {
      assertFaults(faults)
      world.faults = { ...world.faults, ...faults }
      if (world.faults.holdAnswers === 'none') world.held.release()
    },
    clearFaults() {
      world.faults = noFaults()
      world.held.release()
    },
    get openRequests() {
      return world.openRequests
    },
    get heldAnswers() {
      return world.held.count
    },
    release: () => world.held.release(),
    setClock({ offsetMs, advanceMs }) {
      if (offsetMs !== undefined) world.clock.setOffsetMs(offsetMs)
      if (advanceMs !== undefined) world.clock.advanceMs(advanceMs)
    },
    useUpMinute({ token, templateId, address = '127.0.0.1' }) {
      const template = world.template(token, templateId)
      if (!template) throw new Refusal(404, 'SECURITY_TEMPLATE_NOT_FOUND', 'There is no such project or template')
      const window = world.keyWindow(template, address)
      const atMs = world.clock.elapsedMs()
      while (window.waitMs(atMs, template.keyRequestsPerMinute) === 0) window.add(atMs)
    },
    expireKeys: () => world.keys.endAll('expired'),
    revokeKeys: () => world.keys.endAll('revoked'),
    putTemplate: template => world.putTemplate(makeTemplate(template)),
    files: (folder = '/') => filesOf(world, folder),
    reset() {
      const old = world
      world = newWorld(old.log.lastId)
      old.ended.abort()
    },
  }
  return emulator
}
