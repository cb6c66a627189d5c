import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { vi } from 'vitest'
import { type Claims, encodePayload } from '../../demo/emulator/key-codec.ts'
import type { Auth, AuthError, AuthEvent, AuthOptions, KeyStorage } from '../../src/index.ts'

export const TOKEN = 'fusqadtm'
export const TEMPLATE = 'SECU_0123456789ABCDEF0123456789ABCDEF'
export const OTHER_TEMPLATE = 'SECU_FEDCBA9876543210FEDCBA9876543210'
/** Published secret keys look like this. */
export const SECRET = '0123456789abcdef0123456789ABCDEF'
export const API = 'https://api.filerobot.com'
export const FILES = `${API}/${TOKEN}/v4/files`
export const MINUTE_MS = 60_000

type Library = typeof import('../../src/index.ts')
type Answer = Response | Promise<Response>

let keyCount = 0
const disposals: (() => void)[] = []

/** A key that cannot be decoded, another one at each call. */
export const newKey = () => `SASS_opaque_key_${String(++keyCount).padStart(4, '0')}`

/** A key in the vendor's format. */
export const encodeKey = (claims: Claims, suffix = 'ab12') => `SASS__v1.05__${encodePayload(claims)}__${suffix}`

/** A key with a start by the service's clock and an age. */
export const timedKey = (startMs: number, ageSeconds: number) =>
  encodeKey([
    ['st', String(Math.floor(startMs / 1000))],
    ['age', String(ageSeconds)],
    ['fid', String(++keyCount)],
  ])

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

export const success = (key: string, more: object = {}) => json({ status: 'success', key, ...more })
export const refusal = (code: string, status = 403) => json({ status: 'error', code, msg: code }, status)

/** A service behind the option `fetch`: what it answers can be set, what it was asked is kept. */
export function fakeService() {
  const service = {
    /** The key requests, in order. */
    asked: [] as { url: string; init: RequestInit; atMs: number }[],
    /** The API requests, in order; their bodies are unread. */
    requests: [] as Request[],
    /** Every key that was given. */
    given: [] as string[],
    answerKey: (): Answer => service.give(newKey()),
    answerApi: (_request: Request): Answer => json({ status: 'success' }),
    give(key: string, more?: object): Response {
      service.given.push(key)
      return success(key, more)
    },
    /** Makes key requests wait until the returned function is called. */
    hold() {
      let release = () => {}
      const held = new Promise<void>(resolve => {
        release = resolve
      })
      const { answerKey } = service
      service.answerKey = async () => {
        await held
        service.answerKey = answerKey
        return answerKey()
      }
      return release
    },
    /** The keys that came with the API requests. */
    keysUsed: () => service.requests.map(({ headers }) => headers.get('X-Filerobot-Key')),
    fetch: (async (input, init = {}) => {
      if (input instanceof Request) {
        service.requests.push(input)
        return service.answerApi(input)
      }
      service.asked.push({ url: String(input), init, atMs: Date.now() })
      return new Promise((resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        Promise.resolve()
          .then(() => service.answerKey())
          .then(resolve, reject)
      })
    }) as typeof fetch,
  }
  return service
}

/** A store of the host's that counts, and fails on request. */
export function fakeStorage(content = new Map<string, unknown>()) {
  const storage = {
    content,
    reads: 0,
    /** What was written, in order. */
    writes: [] as { id: string; value: unknown }[],
    fails: false,
    /** Is waited for before each step, where it is there. */
    pause: undefined as (() => Promise<void>) | undefined,
    async get(id: string) {
      storage.reads++
      await storage.pause?.()
      if (storage.fails) throw new Error('no storage today')
      return content.get(id)
    },
    async update(id: string, change: (old: unknown) => unknown) {
      await storage.pause?.()
      if (storage.fails) throw new Error('no storage today')
      const value = change(content.get(id))
      content.set(id, structuredClone(value))
      storage.writes.push({ id, value })
    },
  }
  return storage satisfies KeyStorage
}

/** The browser's locks, granted in the order of asking; with `isStuck` they never come. */
export function fakeLocks({ isStuck = false } = {}) {
  const queues = new Map<string, Promise<unknown>>()
  const locks = {
    isStuck,
    /** How often a lock was asked for. */
    asked: 0,
    /** How many are held. */
    held: 0,
    /** How many are waited for. */
    waiting: 0,
    async request(name: string, options: { signal?: AbortSignal }, task: (lock: object) => Promise<unknown>) {
      locks.asked++
      locks.waiting++
      const before = queues.get(name)
      let release = () => {}
      queues.set(name, new Promise<void>(resolve => (release = resolve)))
      const aborted = new Promise<never>((_, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      })
      try {
        await Promise.race([locks.isStuck ? new Promise(() => {}) : before, aborted])
      } catch (error) {
        // Whoever waits behind waits for those before.
        void before?.then(release)
        throw error
      } finally {
        locks.waiting--
      }
      locks.held++
      try {
        return await task({ name })
      } finally {
        locks.held--
        release()
      }
    },
  }
  return locks
}

/** What the library asks of the machine it runs on. Without `locks` there are none, as on an insecure page. */
export function stubBrowser({ locks, onLine = true }: { locks?: object; onLine?: boolean } = {}): void {
  vi.stubGlobal('navigator', { onLine, locks: locks ?? null })
}

/**
 * A fresh copy of the library, as another tab has it: it shares IndexedDB, locks and BroadcastChannel with the others,
 * and no variable.
 */
export async function openPage(service = fakeService()) {
  vi.resetModules()
  const lib: Library = await import('../../src/index.ts')
  const createAuth = (options: Partial<AuthOptions> = {}): Auth => {
    const auth = lib.createAuth({ token: TOKEN, templateId: TEMPLATE, fetch: service.fetch, ...options })
    disposals.push(auth.dispose)
    return auth
  }
  /** An auth whose events are kept. */
  const watchedAuth = (options: Partial<AuthOptions> = {}) => {
    const events: AuthEvent[] = []
    const auth = createAuth({ ...options, onEvent: event => events.push(event) })
    return { auth, events, types: () => events.map(({ type }) => type) }
  }
  let auth: Auth | undefined
  return {
    lib,
    service,
    createAuth,
    watchedAuth,
    /** One without options, made when it is first asked for: the first of an identity decides on the numbers. */
    get auth() {
      return (auth ??= createAuth())
    },
  }
}

/** Something that is taken for a URL, and is another one each time but the first. */
export function shiftyUrl(): URL {
  let asked = 0
  return { toString: () => (asked++ ? 'https://evil.example/' : FILES) } as unknown as URL
}

/** After each test: no auth, no record and no fake of it is left. */
export function tidyUp(): void {
  for (const dispose of disposals.splice(0)) dispose()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  globalThis.indexedDB = new IDBFactory()
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthError> {
  const nothing = {}
  const reason: unknown = await promise.then(
    () => nothing,
    (error: unknown) => error,
  )
  if (reason === nothing) throw new Error('It was expected to be rejected')
  return reason as AuthError
}

/** The records in IndexedDB, by name. */
export async function storedRecords(): Promise<Map<string, unknown>> {
  const database = await promised(indexedDB.open('filerobot-widget-auth'))
  const store = database.transaction('records').objectStore('records')
  const [names, values] = await Promise.all([promised(store.getAllKeys()), promised(store.getAll())])
  database.close()
  return new Map(names.map((name, index) => [name as string, values[index]]))
}

const promised = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
