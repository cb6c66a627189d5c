import { fileURLToPath } from 'node:url'
import { bundle, type LoadLibrary } from '../model/library.ts'
import { type Random, seededRandom } from '../model/random.ts'
import { LeanAbortController } from './abort.ts'
import { Answer } from './answer.ts'
import type { Way } from './browser.ts'
import { byLibrary, GLOBALS } from './library.ts'
import { type Service, TEMPLATE, TOKEN } from './service.ts'
import type { Timeline } from './timeline.ts'

type LoadServer = (scope: Record<string, unknown>) => typeof import('../../src/server/index.ts')

const KEY_URL = 'https://site.example/key'

/** Bundles the key endpoint once. */
export function buildServer(): Promise<LoadServer> {
  return bundle(fileURLToPath(new URL('../../src/server/index.ts', import.meta.url)), GLOBALS)
}

/** This library with a key endpoint of the site's own, whose server asks the service from one address too. */
export function byEndpoint(
  load: LoadLibrary,
  loadServer: LoadServer,
  service: Service,
  timeline: Timeline,
  seed: number,
): Way {
  class ServerDate extends Date {
    static override now = () => timeline.nowMs
  }
  const random: Random = seededRandom(seed)
  const globals = {
    Date: ServerDate,
    Math: Object.create(Math, { random: { value: random } }) as Math,
    performance: { now: () => timeline.nowMs - timeline.startMs },
    setTimeout: (task: () => void, delayMs = 0) => timeline.in(delayMs, task),
    clearTimeout: (cancel?: () => void) => cancel?.(),
    AbortController: LeanAbortController,
    fetch: service.fetchKey,
    queueMicrotask,
  }
  const { createKeyHandler } = loadServer({ ...globals, globalThis: globals })
  const handleKey = createKeyHandler({
    token: TOKEN,
    templateId: TEMPLATE,
    authorize: 'everyone',
    fetch: service.fetchKey as unknown as typeof fetch,
  })
  const request = new Request(KEY_URL, { headers: { 'Sec-Fetch-Site': 'same-origin' } })
  return {
    openPage: byLibrary(load, KEY_URL),
    fetchKey: () =>
      new Promise(resolve => {
        const arrive = async () => {
          const response = await handleKey(request)
          const retryAfter = response.headers.get('Retry-After')
          const answer = new Answer(
            (await response.json()) as object,
            response.status,
            retryAfter === null ? {} : { 'Retry-After': retryAfter },
          )
          timeline.in(service.wayMs(), () => resolve(answer))
        }
        timeline.in(service.wayMs(), () => void arrive())
      }),
  }
}
