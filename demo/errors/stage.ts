import { type Auth, type AuthEvent, type AuthOptions, createAuth } from '../../src/index.ts'
import type { Connection } from '../page/connection.ts'
import { type EmulatorLink, type Faults, makeWell, putTemplate, setFaults } from '../page/emulator-link.ts'

/**
 * A site of its own for one error: its template was never used before, so that no limit and no key of an earlier try
 * is in the way; its keys are kept in memory.
 */
export interface Stage extends Connection {
  readonly link: EmulatorLink
  /** Lists a folder, with a mark by which the emulator's log tells this stage's requests from others. */
  readonly filesUrl: string
  /** Whether a line of the emulator's log is about this stage. */
  isAsked(path: string): boolean
  /** The last one that was opened. */
  readonly auth: Auth | undefined
  /** `createAuth` with the site's options and these. All are disposed of in the end. */
  open(options?: Partial<AuthOptions>): Auth
  /** Adds the site's template to the project, or replaces it. */
  allow(template?: { countries?: string[] }): Promise<void>
  breakApi(faults: Faults): Promise<void>
  mendApi(): Promise<unknown>
  end(): void
}

/** More than the service's usual five: tries in a row are to fail for one reason and not, at the sixth, for another. */
const MANY_A_MINUTE = 60

export function createStage(
  link: EmulatorLink,
  { token, apiBase }: Pick<Connection, 'token' | 'apiBase'>,
  onEvent: (event: AuthEvent) => void,
): Stage {
  const mark = hex(crypto.getRandomValues(new Uint8Array(16)))
  const templateId = `SECU_${mark}`
  const opened: Auth[] = []
  return {
    link,
    token,
    templateId,
    apiBase,
    filesUrl: `${apiBase}/${token}/v4/files?folder=/photos&for=${mark}`,
    isAsked: path => path.includes(mark),
    get auth() {
      return opened.at(-1)
    },
    open(options) {
      const auth = createAuth({
        token,
        templateId,
        apiBase,
        storage: 'memory',
        maxKeyRequestsPerMinute: MANY_A_MINUTE,
        onEvent,
        ...options,
      })
      opened.push(auth)
      return auth
    },
    async allow({ countries = [] } = {}) {
      const permissions = ['OBJECTS_LIST', 'OBJECTS_FETCH'] as const
      await putTemplate(link, { id: templateId, token, permissions, countries, keyRequestsPerMinute: MANY_A_MINUTE })
    },
    async breakApi(faults) {
      await setFaults(link, faults)
    },
    mendApi: () => makeWell(link),
    end() {
      for (const auth of opened) auth.dispose()
    },
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
