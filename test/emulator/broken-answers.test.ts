import { describe, expect, test } from 'vitest'
import { type Faults, type NoAnswer, SEED } from '../../demo/emulator/index.ts'
import { startForTest, textFile } from './fixture.ts'

const KEY = `/${SEED.token}/key/${SEED.templateId}`
const LIST = `/${SEED.token}/v4/files?folder=/inbox`
const DELIVERY = `/cdn/${SEED.token}/spin/gem-01.png`

const PLACES = [
  ['keyAnswer', KEY],
  ['apiAnswer', LIST],
  ['deliveryAnswer', DELIVERY],
] as const

describe.each(PLACES)('%s', (place, path) => {
  const startWith = async (answer: NoAnswer) => {
    const started = await startForTest()
    started.emulator.setFaults({ [place]: answer })
    return started
  }

  test('drop: the connection ends without an answer', async () => {
    const { call, emulator } = await startWith('drop')
    await expect(call(path)).rejects.toThrow('fetch failed')
    expect(emulator.log).toMatchObject([{ status: 0 }])
  })

  test('hang: no answer until the client gives up', async () => {
    const { call, emulator } = await startWith('hang')
    const { signal, abort } = controller()
    const request = call(path, { signal })
    await expect.poll(() => emulator.openRequests).toBe(1)
    abort()
    await expect(request).rejects.toThrow('aborted')
    await expect.poll(() => emulator.log).toMatchObject([{ status: 0 }])
    expect(emulator.openRequests).toBe(0)
  })

  test('cut_off: the connection ends in the middle of the body', async () => {
    const { call } = await startWith('cut_off')
    const response = await call(path)
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/json'])
    const reader = readerOf(response)
    expect(textOf(await reader.read())).toContain('"status":"success"')
    await expect(reader.read()).rejects.toThrow('terminated')
  })

  test('stalled: half of the body, and nothing more until the emulator is reset', async () => {
    const { call, emulator } = await startWith('stalled')
    const reader = readerOf(await call(path))
    expect(textOf(await reader.read())).toContain('"status":"success"')
    const rest = reader.read()
    emulator.reset()
    await expect(rest).rejects.toThrow('terminated')
  })

  test('stalled: a client that gives up is let go', async () => {
    const { call } = await startWith('stalled')
    const { signal, abort } = controller()
    const reader = readerOf(await call(path, { signal }))
    await reader.read()
    const rest = reader.read()
    abort()
    await expect(rest).rejects.toThrow('aborted')
  })

  test('endless: the body goes on for as long as it is read', async () => {
    const { call } = await startWith('endless')
    const { signal, abort } = controller()
    const reader = readerOf(await call(path, { signal }))
    let readBytes = 0
    while (readBytes < 300_000) readBytes += (await reader.read()).value?.byteLength ?? 0
    abort()
    await expect(reader.read()).rejects.toThrow('aborted')
  })

  test('in process, where there is no connection, it fails in the same places', async () => {
    const { emulator } = await startWith('drop')
    await expect(async () => emulator.app.request(path)).rejects.toThrow('dropped')
    for (const answer of ['cut_off', 'stalled'] as const) {
      emulator.setFaults({ [place]: answer })
      const text = (await emulator.app.request(path)).text()
      emulator.reset()
      await expect(text).rejects.toThrow('dropped')
    }
  })
})

describe('an answer that is kept back', () => {
  const HELD: [Faults['holdAnswers'], held: string[], passed: string[]][] = [
    ['key', [KEY], [LIST, DELIVERY]],
    ['api', [LIST, `/${SEED.token}/v4/key/info?key=x`], [KEY, DELIVERY]],
    ['delivery', [DELIVERY], [KEY, LIST]],
    ['all', [KEY, LIST, DELIVERY, '/elsewhere'], []],
  ]

  test.each(HELD)('%s: comes when it is released, and has taken effect before', async (holdAnswers, held, passed) => {
    const { call, emulator } = await startForTest()
    emulator.setFaults({ holdAnswers })
    for (const path of passed) await call(path)
    const answers = Promise.all(held.map(path => call(path)))
    await expect.poll(() => emulator.heldAnswers).toBe(held.length)
    expect(emulator.log).toHaveLength(passed.length)
    expect(emulator.counters.keysIssued).toBe([...held, ...passed].includes(KEY) ? 1 : 0)
    expect(emulator.release()).toBe(held.length)
    expect(await answers).toHaveLength(held.length)
    expect(emulator.heldAnswers).toBe(0)
  })

  test('is counted and released over HTTP too, while the admin’s own are never kept back', async () => {
    const { call, emulator } = await startForTest()
    await call('/_emulator/faults', { method: 'POST', body: JSON.stringify({ holdAnswers: 'all' }) })
    const answers = Promise.all([call(KEY), call(LIST, { method: 'POST', body: textFile() })])
    await expect.poll(() => emulator.heldAnswers).toBe(2)
    expect(await (await call('/_emulator/state')).json()).toMatchObject({ heldAnswers: 2 })
    expect(await (await call('/_emulator/release', { method: 'POST' })).json()).toEqual({ released: 2 })
    expect((await answers).map(({ status }) => status)).toEqual([200, 401])
  })

  test('comes when the fault is switched off, which a new one does not need', async () => {
    const { call, emulator } = await startForTest()
    emulator.setFaults({ holdAnswers: 'key' })
    const first = call(KEY)
    await expect.poll(() => emulator.heldAnswers).toBe(1)
    emulator.setFaults({ latencyMs: 1 })
    expect(emulator.heldAnswers).toBe(1)
    emulator.clearFaults()
    expect((await first).status).toBe(200)
    expect((await call(KEY)).status).toBe(200)
  })

  test('ends with its client, or with a reset', async () => {
    const { call, emulator } = await startForTest()
    emulator.setFaults({ holdAnswers: 'key' })
    const { signal, abort } = controller()
    const given = call(KEY, { signal })
    const reset = call(KEY)
    await expect.poll(() => emulator.heldAnswers).toBe(2)
    abort()
    await expect(given).rejects.toThrow('aborted')
    await expect.poll(() => emulator.heldAnswers).toBe(1)
    emulator.reset()
    await expect(reset).rejects.toThrow('fetch failed')
  })
})

function controller() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

const readerOf = (response: Response) => {
  if (!response.body) throw new Error('The answer has no body')
  return response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>
}

const textOf = ({ value }: { value?: Uint8Array | undefined }) => new TextDecoder().decode(value)
