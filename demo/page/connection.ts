/** Which project is asked for a key, by which template, and where. */
export interface Connection {
  token: string
  templateId: string
  apiBase: string
}

/** What the demo server tells the page about the emulator beside it. */
export interface DemoConfig extends Connection {
  /** A second template, with narrower folders and shorter lists of what it allows. */
  narrowTemplateId: string
  /** What the emulator holds to open a widget with. */
  samples: Samples
}

export interface Samples {
  uploadFolder: string
  /** A private one: the editor cannot show it without the key. */
  pictureUrl: string
  spinFolder: string
}

const VENDOR_API = 'https://api.filerobot.com'
const SECRET_KEY = /^[0-9a-f]{32}$/i
const ACCESS_KEY = /^SASS_/i

/** The emulator's address and projects; nothing where the page is served without the demo server. */
export async function readDemoConfig(): Promise<DemoConfig | undefined> {
  try {
    const response = await fetch('/demo-config.json', { cache: 'no-store' })
    return response.ok ? ((await response.json()) as DemoConfig) : undefined
  } catch {
    return undefined
  }
}

/** What the page's address asks for, else the emulator, else an empty form for the real service. */
export function connectionFromUrl(config: DemoConfig | undefined): Connection {
  const query = new URLSearchParams(location.search)
  const fallback = config ?? { token: '', templateId: '', apiBase: VENDOR_API }
  return {
    token: query.get('token') ?? fallback.token,
    templateId: query.get('template') ?? fallback.templateId,
    apiBase: query.get('api') ?? fallback.apiBase,
  }
}

/** Makes the page's address a link to this connection. Only ever called with values that `createAuth` took: never a key. */
export function linkTo(connection: Connection, config: DemoConfig | undefined): void {
  const url = new URL(location.href)
  for (const [name, value, usual] of [
    ['token', connection.token, config?.token],
    ['template', connection.templateId, config?.templateId],
    ['api', connection.apiBase, config?.apiBase],
  ] as const) {
    if (value === usual) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  history.replaceState(history.state, '', url)
}

/** Somebody followed, or made, a link with a key in it: out of the address bar and the history, at once. */
export function dropKeysFromUrl(): void {
  const url = new URL(location.href)
  const kept = [...url.searchParams].filter(([, value]) => !keyHint(value))
  if (kept.length === url.searchParams.size) return
  url.search = new URLSearchParams(kept).toString()
  history.replaceState(history.state, '', url)
}

/** Says so when a value is a key that has no place in a browser, or none in this form. */
export function keyHint(value: string): string | undefined {
  const typed = value.trim()
  if (SECRET_KEY.test(typed)) {
    return 'This looks like an API secret key. It belongs on a server, never in a browser. Use the identifier of a Security Template, SECU_…, and replace the secret key if it was shown to anyone.'
  }
  if (ACCESS_KEY.test(typed)) {
    return 'This looks like an access key. The page gets one by itself: give it the identifier of a Security Template, SECU_….'
  }
  return undefined
}
