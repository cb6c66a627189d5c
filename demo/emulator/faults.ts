import type { WindowKind } from './rate-window.ts'

/** What the answers are that can be held back together; `api` is everything with a key but deliveries. */
export type HeldKind = 'key' | 'api' | 'delivery' | 'key_info' | 'upload'

/** Ways in which an answer does not come, or not whole. */
export type NoAnswer =
  /** No answer until the client gives up. */
  | 'hang'
  /** The connection ends without an answer. */
  | 'drop'
  /** The connection ends in the middle of the body. */
  | 'cut_off'
  /** Half of the body, and then nothing until the client gives up. */
  | 'stalled'
  /** 200 with a body that goes on for as long as it is read. */
  | 'endless'

/** What a key request is answered with. */
export type KeyAnswer =
  | 'normal'
  /** Refused as by the five-a-minute limit, whatever was asked before. */
  | 'too_many'
  /** `errorStatus` with the service's own error body. */
  | 'server_error'
  /** 200 with a web page, as a captive portal answers. */
  | 'html'
  /** 200 without a body. */
  | 'empty'
  /** 200 with a good key and a hint of 1 MB. */
  | 'huge'
  /** `status: "success"` without `key`. */
  | 'no_key'
  /** A key that does not begin with `SASS_`. */
  | 'wrong_prefix'
  /** The template's last key once more, however dead it is. */
  | 'old_key'
  /** Refused as if the template did not exist. */
  | 'template_rejected'
  | NoAnswer

/** What a request to the API, to `key/info`, of an upload or of a delivery is answered with. */
export type ApiAnswer =
  | 'normal'
  /** `errorStatus` with the service's own error body. */
  | 'server_error'
  /** 502 with a web page, as a gateway answers. */
  | 'html'
  | 'forbidden'
  /** 302 to `redirectTo`. */
  | 'redirect'
  | NoAnswer

/**
 * The vendor's help centre, "How to configure file versioning and handling duplicated assets": a project's setting
 * "Duplicate filename handling" is New Version (the old file stays in the history), Overwrite (it is deleted) or Refuse.
 * `rename` is a guess.
 */
export type NameClash = 'version' | 'overwrite' | 'refuse' | 'rename'

/** What goes wrong, and, marked "guess", how the service behaves where its documentation does not say. */
export interface Faults {
  /** Delay of every answer, preflights included. @default 0 */
  latencyMs: number
  /** Delay of the key endpoint's answers, added to `latencyMs`. @default 0 */
  keyLatencyMs: number
  /** Which answers are kept back until they are released; what they were asked for is done at once. @default 'none' */
  holdAnswers: 'none' | HeldKind | 'all'
  /** How fast bodies are read; 0 reads as fast as they come. @default 0 */
  uploadBytesPerSecond: number
  /** What the key endpoint answers. @default 'normal' */
  keyAnswer: KeyAnswer
  /** What `/v4`, `/v5` and `/public/constants` answer. @default 'normal' */
  apiAnswer: ApiAnswer
  /** What `key/info` answers, where `apiAnswer` is normal. @default 'normal' */
  keyInfoAnswer: ApiAnswer
  /** What an upload is answered, where `apiAnswer` is normal; but for `normal` nothing is stored. @default 'normal' */
  uploadAnswer: ApiAnswer
  /** What `/cdn` answers. @default 'normal' */
  deliveryAnswer: ApiAnswer
  /** Where `redirect` leads. @default '/redirected', which is on this server and answers 404 */
  redirectTo: string
  /** Status of `server_error`. @default 500 */
  errorStatus: 500 | 502 | 503 | 504 | 408
  /** Taken for the caller's address; `''` is the connection's own. @default '' */
  callerAddress: string
  /** Taken for the caller's country, two capital letters; `''` leaves it to `countryOf`. @default '' */
  callerCountry: string
  /** Replaces the templates' validity; 0 does not. @default 0 */
  validitySeconds: number
  /** Guess: status of the five-a-minute refusal. @default 429 */
  limitStatus: 429 | 403 | 400 | 200
  /** Guess: where that refusal speaks of a limit; `html` is a gateway's page instead of the service's body. @default 'all' */
  limitWords: 'all' | 'code' | 'msg' | 'hint' | 'none' | 'html'
  /** Guess: how the minute of the five is counted. @default 'sliding' */
  limitWindow: WindowKind
  /** No limit on key requests. @default false */
  rateLimitOff: boolean
  /** Guess: whether that refusal tells when to come again, and how. @default 'none' */
  retryAfter: 'none' | 'seconds' | 'date'
  /** Replaces the time that `Retry-After` tells; 0 tells the truth. @default 0 */
  retryAfterSeconds: number
  /** Guess: whether a page of another origin may read `Retry-After`. @default false */
  exposeRetryAfter: boolean
  /** Guess: whether a page of another origin may read `Date`. @default false */
  exposeDate: boolean
  /** Guess: status with which a key is refused for an unknown project or template. @default 404 */
  rejectedStatus: 404 | 400 | 401 | 403 | 200
  /** Guess: status with which an expired key is refused. @default 403 */
  expiredStatus: 403 | 401 | 400 | 200
  /** Guess: status with which an invalid key is refused. @default 403 */
  invalidStatus: 403 | 401 | 400 | 200
  /** Guess: where such a refusal says `KEY_EXPIRED` or `ERR_SASS_INVALID`. @default 'both' */
  refusalWordIn: 'both' | 'code' | 'msg'
  /** Guess: when the key of a request with a body is judged: as its headers arrive, or when all of it is there. @default 'headers' */
  keyJudgedAt: 'headers' | 'end'
  /** Guess: whether a second call within a key's validity gives the same key again. @default false */
  sameKeyAgain: boolean
  /** `false` makes keys that cannot be decoded. @default true */
  claimsInKey: boolean
  /** `false` makes keys that end where their signature would stand. @default true */
  suffixInKey: boolean
  /** Replaces the lifetime that a key claims for itself, and not the one that it has; 0 does not. @default 0 */
  claimedAgeSeconds: number
  /** Whether the response tells the key's lifetime, in seconds, as the vendor's clients expect. @default false */
  expireDurationInResponse: boolean
  /** Replaces the lifetime that the response tells, and not the one that the key has; 0 does not. @default 0 */
  toldDurationSeconds: number
  /** Whether the response tells the permissions, which the vendor's clients read. Their form is a guess. @default false */
  permissionsInResponse: boolean
  /** Guess: whether delivery accepts `X-Filerobot-Key` for private files. @default true */
  deliveryAcceptsKey: boolean
  /** What an upload under a name that is taken does: a setting of the project; `rename` is a guess. @default 'version' */
  nameClash: NameClash
  /** Guess: whether uploads are counted for each key or for each template. @default 'key' */
  uploadsCountedPer: 'key' | 'template'
  /** How long a browser may remember a preflight; 0 sends no `Access-Control-Max-Age`. @default 0 */
  corsMaxAgeSeconds: number
  /** Answers without any CORS header, as a gateway's error pages have none. @default false */
  corsOff: boolean
}
