import type { AuthError } from './errors.js'

/** Where an {@link Auth} keeps its key: this browser's database, this page's memory, or a store of the caller's. */
export type StorageKind = 'indexeddb' | 'memory' | 'custom'

/** What {@link createAuth} takes. Only `token` and `templateId` are needed on most sites. */
export interface AuthOptions {
  /** Project token, for example `'fusqadtm'`: 1 to 64 letters, digits, `_` or `-`. Not a secret. */
  token: string
  /** Security Template identifier, `'SECU_'` and 32 hexadecimal digits. Optional where `keyUrl` or `requestKey` is given. */
  templateId?: string | undefined
  /**
   * Origin, and path if any, of the API: https, or http to this machine. The key may go to this origin.
   * @default 'https://api.filerobot.com'
   */
  apiBase?: string | undefined
  /**
   * An endpoint of your own that answers as `/key` does: `{"status":"success","key":"SASS_…"}`. Asked with
   * `credentials: 'same-origin'`, so with your cookies on your own origin. May be relative to the page.
   * @default '{apiBase}/{token}/key/{templateId}'
   */
  keyUrl?: string | URL | undefined
  /**
   * Replaces the key request altogether; counted and limited like one. `signal` is aborted after `timeoutMs`, or with
   * the last auth that shares the key. What it throws counts as `network`, unless it is an {@link AuthError}. Without
   * `cacheScope` its keys stay in this page's memory.
   *
   * @example `requestKey: async ({ signal }) => (await fetch('/my/key', { signal })).text()`
   */
  requestKey?: ((context: { signal: AbortSignal }) => Promise<string | KeyGrant>) | undefined
  /** Keeps stored keys apart, for example by signed-in user: any text, the same for the same keys. */
  cacheScope?: string | undefined
  /** Where the key is kept between page loads. @default 'indexeddb', and memory where that is not to be had */
  storage?: 'indexeddb' | 'memory' | KeyStorage | undefined
  /**
   * Origins besides `apiBase`'s to which the key may be sent, for example `['https://cdn.example.com']`: https, or http
   * to this machine; a path is left out of account. No wildcards. @default none
   */
  allowedOrigins?: string[] | undefined
  /** How long a key is taken to live when neither the response nor the key tells; at most 60 days. @default 1200 */
  defaultLifetimeSeconds?: number | undefined
  /** How long one key request may take, its answer read to the end. 0 sets no end. @default 10_000 */
  timeoutMs?: number | undefined
  /**
   * How long a caller waits for the request limit or a back-off. One whose next try lies beyond it is rejected at once.
   * 0 never waits. @default 15_000
   */
  maxWaitMs?: number | undefined
  /**
   * How many key requests are started at most in any 60 s, for the key URL, in all tabs of the browser: the service's
   * limit for a template and address. At least 1; timers leave two of them to callers. @default 5
   */
  maxKeyRequestsPerMinute?: number | undefined
  /** Sends key requests and what `auth.fetch` sends. @default the global `fetch`, looked up at each call */
  fetch?: typeof globalThis.fetch | undefined
  /** Is told what happens, for a log or a panel. Never holds a key. */
  onEvent?: ((event: AuthEvent) => void) | undefined
}

/** What `requestKey` may resolve with, where it knows more than the key. */
export interface KeyGrant {
  /** `'SASS_…'`, at most 8,192 characters of printable ASCII. */
  key: string
  /** How long it lives from the start of the request, 1 s to 60 days; anything else counts as not told. */
  expiresInSeconds?: number | undefined
}

/** A store of the caller's own. Values are plain objects that can be cloned structurally. */
export interface KeyStorage {
  /** Resolves with what was stored under `id`, or `undefined`. */
  get(id: string): Promise<unknown>
  /** Reads, changes and writes in one atomic step. `change` is synchronous and may be called again when a step is repeated. */
  update(id: string, change: (old: unknown) => unknown): Promise<void>
}

/** What {@link Auth.getKey} takes. */
export interface GetKeyOptions {
  /** The key must be good for at least this long; a key just obtained is returned even if it is not. @default 0 */
  minValidityMs?: number | undefined
  /** How long this caller waits for the request limit or a back-off. @default that of {@link AuthOptions} */
  maxWaitMs?: number | undefined
  /** Aborting rejects this caller with `signal.reason` and leaves the request running for the others. */
  signal?: AbortSignal | undefined
  /** Asks for a new key although the present one is good. Joins a request that is under way. @default false */
  forceRefresh?: boolean | undefined
}

/** An access key and an auth hook for everything that wants to use it. All methods are bound. */
export interface Auth {
  /** A frozen snapshot; the same object until something changes, as `useSyncExternalStore` wants it. */
  readonly state: AuthState
  /** The key if there is a good one in memory. Synchronous; touches no database and no network. */
  peek(): AccessKey | undefined
  /**
   * A key that is good now: from memory, else from storage, else from the network.
   *
   * @throws {AuthError} `rate_limited`, `template_rejected`, `network`, `timeout`, `server`, `malformed_response`,
   *   `key_rejected`, `invalid_options` or `disposed`
   */
  getKey(options?: GetKeyOptions): Promise<AccessKey>
  /**
   * A `Request` that carries the key, to be sent with `fetch`.
   *
   * @example `await fetch(await auth.sign('https://api.filerobot.com/fusqadtm/v4/files?folder=/'))`
   * @throws {AuthError} `origin_not_allowed` when the URL is not `apiBase`'s or an allowed origin's; and as {@link Auth.getKey}
   */
  sign(input: RequestInfo | URL, init?: RequestInit): Promise<Request>
  /**
   * `fetch` with the key. Refused as expired: a new key is obtained and the request sent once more.
   *
   * @throws {AuthError} `origin_not_allowed`, also for a redirect; `key_rejected`; and as {@link Auth.getKey}
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>
  /** Says that the service refused this key. It is forgotten everywhere if it is still the current one. */
  invalidate(key: AccessKey | string): Promise<void>
  /**
   * Forgets the key in memory, in storage and in other tabs: signing out. No request that is under way anywhere brings
   * it back.
   */
  clear(): Promise<void>
  /** Calls `listener` at every change of {@link Auth.state}, obtains a key and keeps it good until unsubscribed. */
  subscribe(listener: (state: AuthState) => void): () => void
  /** Ends timers, listeners and, with the last user of the identity, the request. Later calls reject with `disposed`. */
  dispose(): void
}

/** What an {@link Auth} is doing. */
export interface AuthState {
  /**
   * - `idle`: nobody asked yet.
   * - `loading`: no good key; a request or a wait is under way.
   * - `ready`: a good key, also while it is being renewed.
   * - `error`: the last attempt failed and there is no good key.
   */
  readonly status: 'idle' | 'loading' | 'ready' | 'error'
  /** The good key, where there is one. */
  readonly key?: AccessKey | undefined
  /** Why there is none, with the status `error`. */
  readonly error?: AuthError | undefined
  /** Where keys are kept at the moment. */
  readonly storage: StorageKind
  /** When the next attempt may be made, in milliseconds since 1970, where that is known. */
  readonly retryAtMs?: number | undefined
}

/** A temporary access key. `value` is on the prototype, so that `JSON.stringify` and error trackers do not see it. */
export interface AccessKey {
  /** `'SASS_…'`, for the header `X-Filerobot-Key`. */
  readonly value: string
  /** From when it counts as dead, in milliseconds since 1970 by this machine's clock. */
  readonly expiresAtMs: number
  /** When it was asked for, in milliseconds since 1970 by this machine's clock. */
  readonly obtainedAtMs: number
  /** What the key says of itself, where it can be read. */
  readonly claims?: KeyClaims | undefined
}

/**
 * What an access key says of itself. The format is not documented by the vendor: it was read out of keys that the
 * vendor published, so it is a hint, and nothing here is verified.
 */
export interface KeyClaims {
  /** Claim `st`: when the key begins, in seconds since 1970 by the service's clock. */
  startSeconds?: number
  /** Claim `age`: how long it lives from `startSeconds`. */
  ageSeconds?: number
  /** Claim `sec`: the Security Template that it was made from. */
  templateId?: string
  /** The API domains that it is for, as `'api.filerobot.com/fusqadtm'`. Claim `d`. */
  domains: string[]
  /**
   * Where it may upload: `/folder/*` means its sub-folders too; empty where the key sets no limit or names none. Claims
   * `udir` and `dir`.
   */
  uploadFolders: string[]
  /** What it may list, in the same way. Claims `ldir` and `dir`. */
  listFolders: string[]
  /** The address ranges that may use it; empty where the key names none. Claim `wip`. */
  allowedIps: string[]
  /** The countries that may use it; empty where the key names none. Claim `wc`. */
  allowedCountries: string[]
  /** How many files it may upload. Claim `um`. */
  maxUploads?: number
  /** How many in a minute. Claim `umpm`. */
  maxUploadsPerMinute?: number
  /** How many from one address. Claim `umip`. */
  maxUploadsPerIp?: number
  /** What it may do, as a mask of up to 64 bits whose meaning is not documented. Claim `p`. */
  permissions?: bigint
  /** Claims that this library does not know, as they were found. */
  other: Record<string, string | string[]>
}

/** Something that happened. `atMs` is milliseconds since 1970. No event ever holds a key. */
export type AuthEvent = { readonly atMs: number } & (
  | {
      /** A stored key was taken up, without a key request. */
      readonly type: 'cache_hit'
      readonly expiresAtMs: number
    }
  | {
      /** A key request brought a key. */
      readonly type: 'key'
      readonly expiresAtMs: number
    }
  | {
      /** No key could be had; `retryAtMs` tells from when another attempt may be made. */
      readonly type: 'failure'
      readonly error: AuthError
      readonly retryAtMs?: number | undefined
    }
  | {
      /** A signed request was refused because of its key and goes once more with a new one. */
      readonly type: 'resend'
      readonly status: number
    }
  | {
      /** The current key was refused, or given up by `invalidate`. */
      readonly type: 'invalidated'
    }
  | {
      /** The key was forgotten by `clear`, here or in another tab. */
      readonly type: 'cleared'
    }
  | {
      /** A caller waits for the request limit or a back-off to be over. */
      readonly type: 'wait'
      readonly untilMs: number
    }
  | {
      /** Storage does not work; memory takes over, until `state.storage` says otherwise. */
      readonly type: 'degraded'
    }
  | {
      /** A widget of this version lacks an internal that its connection builds on; it goes on in a plainer way. */
      readonly type: 'widget_degraded'
      readonly widget: 'uploader' | 'image-editor' | 'spin'
      readonly missing: string
    }
  | {
      /** Another instance of the same identity came first with another number; the first one's counts. */
      readonly type: 'option_ignored'
      readonly option: string
    }
)
