/** A request whose answer is worth knowing, with placeholders for what differs between projects. */
export interface Probe {
  /** Also the fixture's file name. */
  readonly name: string
  /** What its answer tells. */
  readonly about: string
  readonly method: 'GET' | 'OPTIONS'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What has to be so before it is sent: the minute's keys are used up, or the key has expired. @default nothing */
  readonly given?: 'limit' | 'expired'
  /** The answer tells of people's files: of its texts only that they are there is kept. */
  readonly hasContent?: true
}

/** A page's, as a browser would name it. */
const ORIGIN = { Origin: 'https://page.example' }
const KEY_PATH = '/{token}/key/{template}'
const LIST_PATH = '/{token}/v4/files?folder={folder}&limit=1'
const WITH_KEY = { ...ORIGIN, 'X-Filerobot-Key': '{key}' }

const preflight = (method: string) => ({
  ...ORIGIN,
  'Access-Control-Request-Method': method,
  'Access-Control-Request-Headers': 'x-filerobot-key',
})
const get = (name: string, about: string, path: string, headers: Record<string, string> = ORIGIN): Probe => ({
  name,
  about,
  method: 'GET',
  path,
  headers,
})

/** Two of them are key requests of the template; with `check`'s own that makes three of the five of a minute. */
export const PROBES: readonly Probe[] = [
  get('key', 'The answer with a key, as a page gets it.', KEY_PATH),
  get('key-again', "Whether a second call within a key's validity gives another key.", KEY_PATH),
  get('key-wrong-template', 'How a template that does not exist is refused.', '/{token}/key/{wrong template}'),
  get('key-wrong-token', 'How a project that does not exist is refused.', '/{wrong token}/key/{template}'),
  get('key-info', "A key's permissions, the key in the address.", '/{token}/v4/key/info?key={key}'),
  get('key-info-by-header', 'Whether the header will do for that.', '/{token}/v4/key/info', WITH_KEY),
  { ...get('list', 'A listing with the key.', LIST_PATH, WITH_KEY), hasContent: true },
  get('list-without-key', 'How a call without a key is refused.', LIST_PATH),
  get('list-altered-key', 'How a key that was tampered with is refused.', LIST_PATH, {
    ...ORIGIN,
    'X-Filerobot-Key': '{altered key}',
  }),
  {
    name: 'list-preflight',
    about: 'What a browser is told before a page may list with the key.',
    method: 'OPTIONS',
    path: LIST_PATH,
    headers: preflight('GET'),
  },
  {
    name: 'upload-preflight',
    about: 'What a browser is told before a page may upload with the key.',
    method: 'OPTIONS',
    path: '/{token}/v4/files?folder={folder}',
    headers: preflight('POST'),
  },
]

/** Sent until it is refused: uses up the minute of everybody behind this address. */
export const LIMIT_PROBE: Probe = {
  ...get('key-limit', 'How the key request is refused that is one too many.', KEY_PATH),
  given: 'limit',
}

export const EXPIRED_PROBE: Probe = {
  ...get('list-expired-key', 'How an expired key is refused.', LIST_PATH, WITH_KEY),
  given: 'expired',
}
