import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFetchHandler } from '../../../src/service-worker/index.ts'
import { API, FILES, fakeService, TEMPLATE, TOKEN, tidyUp } from '../fakes.ts'

afterEach(tidyUp)

const event = (request: Request) => ({ request, respondWith: vi.fn<(response: Promise<Response>) => void>() })

describe('handleFetch', () => {
  it('returns true exactly if it called respondWith, and says so at once', async () => {
    const service = fakeService()
    const { handleFetch, auth } = createFetchHandler({ token: TOKEN, templateId: TEMPLATE, fetch: service.fetch })
    const signed = event(new Request(FILES))
    expect(handleFetch(signed)).toBe(true)
    expect(signed.respondWith).toHaveBeenCalledOnce()
    expect((await signed.respondWith.mock.calls[0]![0]).status).toBe(200)
    expect(service.requests.map(request => request.headers.get('X-Filerobot-Key'))).toEqual(service.given)

    const others = [
      new Request(FILES, { method: 'POST' }),
      new Request('https://elsewhere.example/'),
      new Request(`${API}/${TOKEN}/key/${TEMPLATE}`),
    ].map(event)
    expect(others.map(handleFetch)).toEqual([false, false, false])
    for (const { respondWith } of others) expect(respondWith).not.toHaveBeenCalled()
    auth.dispose()
  })

  it('sends the request as it was where no key can be had', async () => {
    const service = fakeService()
    service.answerKey = () => new Response('{"status":"error"}', { status: 404 })
    const options = { token: TOKEN, templateId: TEMPLATE, cacheScope: 'refused', fetch: service.fetch }
    const { handleFetch, auth } = createFetchHandler(options)
    const refused = event(new Request(FILES))
    handleFetch(refused)
    expect((await refused.respondWith.mock.calls[0]![0]).status).toBe(200)
    expect(service.requests.map(request => request.headers.has('X-Filerobot-Key'))).toEqual([false])
    auth.dispose()
  })

  it('refuses wrong options at once, naming the option', () => {
    expect(() => createFetchHandler({ token: 'a b' })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})
