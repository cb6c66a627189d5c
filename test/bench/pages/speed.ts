// Calls that a page makes often, side by side: with a good key in memory, batch by batch, in both orders.

import createCore from '@filerobot/core'
import { getToken } from '@firebase/app-check'
import { createAuth } from '../../../src/index.ts'
import { newClient, signIn } from '../peers/auth0.ts'
import { readKey } from '../peers/filerobot-core.ts'
import { startAppCheck } from '../peers/firebase.ts'
import * as handWritten from '../peers/hand-written.ts'
import type { Api } from '../peers/peer.ts'

/** The time of one call in nanoseconds, one number for each batch. */
export type Samples = Record<string, number[]>

interface Loop {
  name: string
  /** Makes so many calls, one after the other. */
  run(count: number): unknown
}

declare global {
  interface Window {
    speed: typeof speed
  }
}

/** What a loop has made last: nothing that is measured may look unused. */
export let sink: unknown

async function timeOf({ run }: Loop, count: number): Promise<number> {
  const startedAtMs = performance.now()
  sink = await run(count)
  return performance.now() - startedAtMs
}

/** How many calls take as long as a batch should. */
async function batchSize(loop: Loop, batchMs: number): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const tookMs = await timeOf(loop, count)
    if (tookMs >= batchMs / 2) return Math.max(1, Math.round((count * batchMs) / tookMs))
  }
}

async function inBothOrders(loops: Loop[], rounds: number, batchMs: number): Promise<Samples> {
  const sizes = new Map<Loop, number>()
  // Twice: the first time the engine has not compiled it yet.
  for (const loop of [...loops, ...loops]) sizes.set(loop, await batchSize(loop, batchMs))
  const samples: Samples = Object.fromEntries(loops.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const loop of round % 2 === 0 ? loops : [...loops].reverse()) {
      const count = sizes.get(loop)!
      samples[loop.name]!.push(((await timeOf(loop, count)) / count) * 1e6)
    }
  }
  return samples
}

/** Each its own loop: one for all would call what the engine cannot foresee, and cost all of them the same. */
const loop = (name: string, run: (count: number) => unknown): Loop => ({ name, run })
const asyncLoop = (name: string, call: () => Promise<unknown>): Loop => ({
  name,
  async run(count) {
    let last: unknown
    for (let i = 0; i < count; i++) last = await call()
    return last
  },
})

async function everybody(api: Api) {
  const auth = createAuth({ apiBase: api.origin, token: api.token, templateId: api.templateId })
  const { appCheck } = startAppCheck(api)
  await signIn(api)
  const auth0 = newClient(api)
  const pasted = handWritten.start(api)
  const core = createCore({
    container: api.token,
    securityTemplateId: api.templateId,
    apiEndpoint: api.origin,
    adminApiEndpoint: api.origin,
    i18nFetchApiEndpoint: 'data:application/json,[]#',
  })
  await new Promise(resolve => core.on('sass-key-obtained', resolve))
  await Promise.all([auth.getKey(), getToken(appCheck), auth0.getTokenSilently(), pasted.getKey()])
  return { auth, appCheck, auth0, pasted, core }
}

const speed = {
  async run(api: Api, rounds: number, batchMs: number) {
    const { auth, appCheck, auth0, pasted, core } = await everybody(api)
    const url = `${api.origin}/${api.token}/v4/files?folder=/inbox`
    const keyHeader = (key: string) => ({ headers: { 'X-Filerobot-Key': key } })
    const { value } = await auth.getKey()
    // The API takes its key in a header of its own, and lets no page send it another.
    const fetcher = auth0.createFetcher({
      fetch(request) {
        request.headers.delete('Authorization')
        return fetch(request)
      },
    })
    const read = async (response: Promise<Response>) => (await response).text()
    return {
      isIsolated: crossOriginIsolated,
      peek: await inBothOrders(
        [
          loop('Date.now', count => {
            let sum = 0
            for (let i = 0; i < count; i++) sum += Date.now()
            return sum
          }),
          loop('library', count => {
            let sum = 0
            for (let i = 0; i < count; i++) sum += auth.peek()!.expiresAtMs
            return sum
          }),
          loop('filerobot-core', count => {
            let sum = 0
            for (let i = 0; i < count; i++) sum += readKey(core).length
            return sum
          }),
        ],
        rounds,
        batchMs,
      ),
      getKey: await inBothOrders(
        [
          asyncLoop('await', async () => value),
          asyncLoop('library', () => auth.getKey()),
          asyncLoop('firebase', () => getToken(appCheck)),
          asyncLoop('auth0', () => auth0.getTokenSilently()),
          asyncLoop('hand-written', () => pasted.getKey()),
        ],
        rounds,
        batchMs,
      ),
      sign: await inBothOrders(
        [
          asyncLoop('new Request', async () => new Request(url, keyHeader(value))),
          asyncLoop('library', () => auth.sign(url)),
          asyncLoop('firebase', async () => new Request(url, keyHeader((await getToken(appCheck)).token))),
          asyncLoop('auth0', async () => new Request(url, keyHeader((await auth0.getTokenSilently()) ?? ''))),
          asyncLoop('hand-written', async () => new Request(url, keyHeader(await pasted.getKey()))),
        ],
        rounds,
        batchMs,
      ),
      fetch: await inBothOrders(
        [
          asyncLoop('fetch', () => read(fetch(url, keyHeader(value)))),
          asyncLoop('library', () => read(auth.fetch(url))),
          asyncLoop('firebase', async () => read(fetch(url, keyHeader((await getToken(appCheck)).token)))),
          asyncLoop('auth0', () => read(fetcher.fetchWithAuth(url, keyHeader(value)))),
          asyncLoop('hand-written', async () => read(fetch(url, keyHeader(await pasted.getKey())))),
        ],
        rounds,
        batchMs * 4,
      ),
    }
  },
}
window.speed = speed
