import { type KeyKind, keyIn } from './link/keys-in-address.ts'
import type { LinkedState } from './link/read-link.ts'

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

const KEY_HINTS: Record<KeyKind, string> = {
  secret:
    'This looks like an API secret key. It belongs on a server, never in a browser. Use the identifier of a Security Template, SECU_…, and replace the secret key if it was shown to anyone.',
  access:
    'This looks like an access key. The page gets one by itself: give it the identifier of a Security Template, SECU_….',
}

const VENDOR_API = 'https://api.filerobot.com'
/** The emulator's address and projects; nothing where the page is served without the demo server. */
export async function readDemoConfig(): Promise<DemoConfig | undefined> {
  try {
    const response = await fetch('/demo-config.json', { cache: 'no-store' })
    return response.ok ? ((await response.json()) as DemoConfig) : undefined
  } catch {
    return undefined
  }
}

/** What a link asks for, else the emulator, else an empty form for the real service. */
export function connectionFrom(linked: LinkedState, config: DemoConfig | undefined): Connection {
  const fallback = config ?? { token: '', templateId: '', apiBase: VENDOR_API }
  return {
    token: linked['token'] ?? fallback.token,
    templateId: linked['template'] ?? fallback.templateId,
    apiBase: linked['api'] ?? fallback.apiBase,
  }
}

/** What a link needs for this connection: nothing where it is the demo's own. */
export function connectionForLink(connection: Connection | undefined, config: DemoConfig | undefined) {
  const unless = (value: string | undefined, usual: string | undefined) => (value === usual ? undefined : value)
  return {
    token: unless(connection?.token, config?.token),
    template: unless(connection?.templateId, config?.templateId),
    api: unless(connection?.apiBase, config?.apiBase),
  }
}

/** Says so when a value is a key that has no place in a browser, or none in this form. */
export function keyHint(value: string): string | undefined {
  const kind = keyIn(value)
  return kind && KEY_HINTS[kind]
}
