import { afterEach } from 'vitest'
import { type EmulatorOptions, type RunningEmulator, SEED, startEmulator } from '../../demo/emulator/index.ts'
import { encodePng } from '../../demo/emulator/seed/png.ts'

const running: RunningEmulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map(server => server.close()))
})

type ApiInit = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }

/** A running emulator whose clock stands still and whose delays do not wait, and short ways to call it. */
export async function startForTest(options: EmulatorOptions = {}) {
  const waitedMs: number[] = []
  const server = await startEmulator({
    drawAtStart: false,
    nowMs: () => Date.UTC(2025, 0, 15, 12),
    wait: async durationMs => {
      waitedMs.push(durationMs)
    },
    ...options,
  })
  running.push(server)
  const { origin, emulator } = server
  const call = (path: string, init?: RequestInit) => fetch(origin + path, init)

  const requestKey = (templateId: string = SEED.templateId) => call(`/${SEED.token}/key/${templateId}`)
  const obtainKey = async (templateId?: string) =>
    ((await (await requestKey(templateId)).json()) as { key: string }).key
  const api = (path: string, key: string, { headers, ...init }: ApiInit = {}) =>
    call(`/${SEED.token}${path}`, { ...init, headers: { 'X-Filerobot-Key': key, ...headers } })
  const upload = (folder: string, key: string, files: File[]) => {
    const body = new FormData()
    for (const file of files) body.append('files[]', file)
    return api(`/v4/files?folder=${folder}`, key, { method: 'POST', body })
  }
  return { origin, emulator, waitedMs, call, requestKey, obtainKey, api, upload }
}

export const textFile = (name = 'note.txt', text = 'hello') => new File([text], name, { type: 'text/plain' })

/** A template like the seed's first one, with a choice of limits. */
export const wideTemplate = {
  id: 'SECU_0123456789ABCDEF0123456789ABCDEF',
  token: SEED.token,
  permissions: ['OBJECTS_LIST', 'OBJECTS_FETCH', 'FILE_UPLOAD'],
} as const

/** Status and code of a refusal. */
export async function refusal(response: Response): Promise<{ status: number; code: unknown }> {
  const body = (await response.json()) as { code?: unknown }
  return { status: response.status, code: body.code }
}

/** What the tests read of a file as the API tells of it. */
export interface FileAnswer {
  uuid: string
  name: string
  url: { public: string; path: string }
  folder: { name: string }
  info: Record<string, unknown>
  visibility: string
  version: number
  size: { bytes: number }
}

export const fileOf = async (response: Response) => ((await response.json()) as { file: FileAnswer }).file

/** A picture of 7 × 5 black pixels. */
export const tinyPng = () =>
  new File([encodePng({ widthPx: 7, heightPx: 5, rgb: new Uint8Array(105) })], 'tiny.png', { type: 'image/png' })
