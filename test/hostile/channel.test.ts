// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeAirwaves } from '../unit/fake-browser.ts'
import { fakeLocks, fakeStorage, openPage, stubBrowser, tidyUp } from '../unit/fakes.ts'
import { settle } from '../unit/time.ts'
import { corpus } from './corpus.ts'
import { expectCleanPrototype } from './prototype.ts'

let airwaves: ReturnType<typeof fakeAirwaves>

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  airwaves = fakeAirwaves()
})
afterEach(() => {
  tidyUp()
  expectCleanPrototype()
})

/** A tab with a key, in a store that takes a turn of the event loop, as a database does at least. */
async function tabWithKey() {
  const { createAuth, service } = await openPage()
  const storage = fakeStorage()
  storage.pause = () => new Promise(resolve => setImmediate(resolve))
  const auth = createAuth({ storage })
  const { value } = await auth.getKey()
  await settle()
  return { auth, service, storage, value }
}

describe('messages of another script of the origin', () => {
  it.each(corpus<unknown>('messages'))('change nothing and give no key: %s', async (_, { value: data, times }) => {
    const { auth, service, value } = await tabWithKey()
    const { state } = auth
    airwaves.forge(times ? Array(times).fill(0) : data)
    await settle()
    expect(auth.peek()?.value).toBe(value)
    expect(auth.state).toBe(state)
    expect(service.asked).toHaveLength(1)
  })

  it('ten thousand at once cost two reads, no write and no request', async () => {
    const { auth, service, storage, value } = await tabWithKey()
    const { reads } = storage
    const writes = storage.writes.length
    for (let message = 0; message < 10_000; message++) airwaves.forge(message)
    await settle()
    expect(storage.reads - reads).toBeGreaterThan(0)
    expect(storage.reads - reads).toBeLessThanOrEqual(2)
    expect(storage.writes).toHaveLength(writes)
    expect(auth.peek()?.value).toBe(value)
    expect(service.asked).toHaveLength(1)
  })

  it('that come while another is looked into are looked into after it: nothing is missed', async () => {
    const { auth, storage } = await tabWithKey()
    let release = () => {}
    storage.pause = () => new Promise(resolve => (release = resolve))
    airwaves.forge(0)
    await settle()
    // That read is under way and has seen the old record. Now the other tab signs out, and says so.
    const [id, record] = [...storage.content].find(([name]) => name.startsWith('key'))!
    const before = release
    airwaves.forge(0)
    await settle()
    storage.content.set(id, { ...(record as object), key: '', generation: 9 })
    storage.pause = undefined
    before()
    await settle()
    expect(auth.peek()).toBeUndefined()
  })
})
