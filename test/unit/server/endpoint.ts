import { expect, vi } from 'vitest'
import type { AuthEvent } from '../../../src/index.ts'
import type { KeyHandlerContext, KeyHandlerOptions } from '../../../src/server/index.ts'
import { fakeService, TEMPLATE, TOKEN } from '../fakes.ts'

export const ENDPOINT = 'https://shop.example/key'

/** A server with a fresh copy of the library, which shares no variable with a browser's or another server's. */
export async function openEndpoint(options: Partial<KeyHandlerOptions> = {}, service = fakeService()) {
  vi.resetModules()
  const { createKeyHandler } = await import('../../../src/server/index.ts')
  const events: AuthEvent[] = []
  const handleKey = createKeyHandler({
    token: TOKEN,
    templateId: TEMPLATE,
    authorize: 'everyone',
    fetch: service.fetch,
    onEvent: event => events.push(event),
    ...options,
  })
  const ask = (init: RequestInit = {}, context?: KeyHandlerContext) => handleKey(new Request(ENDPOINT, init), context)
  return {
    service,
    events,
    ask,
    /** Status and body. */
    told: async (init?: RequestInit) => toldBy(await ask(init)),
    /** For `createAuth` in a browser whose `keyUrl` leads here. */
    fetch: (async (input, init) => handleKey(new Request(input, init))) as typeof fetch,
  }
}

export async function toldBy(answer: Response): Promise<[status: number, body: unknown]> {
  return [answer.status, await answer.json()]
}

/** What a visitor is given. */
export const given = (key: string | undefined, seconds: number) => [
  200,
  { status: 'success', key, key_validity: { expire_duration: seconds } },
]

/** A refusal's body, whatever it says to people. */
export const refused = (status: number, code: string) => [
  status,
  { status: 'error', code, msg: expect.any(String) as string },
]
