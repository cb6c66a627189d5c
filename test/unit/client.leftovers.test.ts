import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf, fakeLocks, fakeStorage, openPage, stubBrowser, tidyUp } from './fakes.ts'
import { freezeTime, passTime, settle } from './time.ts'

beforeEach(() => {
  stubBrowser({ locks: fakeLocks() })
  freezeTime()
})
afterEach(tidyUp)

/** A store whose next `method` does not end before the returned function is called. */
function holdNext(storage: ReturnType<typeof fakeStorage>, method: 'get' | 'update'): () => void {
  const original = storage[method].bind(storage) as (...parameters: unknown[]) => Promise<unknown>
  let release = () => {}
  const held = new Promise<void>(resolve => (release = resolve))
  Object.assign(storage, {
    [method]: async (...parameters: unknown[]) => {
      Object.assign(storage, { [method]: original })
      await held
      return original(...parameters)
    },
  })
  return release
}

describe('what is left of something that is over', () => {
  it('the same key again stands against nobody when that key is given up (rule 6)', async () => {
    const { auth, service } = await openPage()
    const key = await auth.getKey()
    service.answerKey = () => service.give(key.value)
    expect(await failureOf(auth.getKey({ forceRefresh: true }))).toMatchObject({ code: 'key_rejected' })
    service.answerKey = () => service.give('SASS_another_key')
    await auth.invalidate(key)
    expect((await auth.getKey({ maxWaitMs: 0 })).value).toBe('SASS_another_key')
  })

  it('a write that comes late takes nothing out of memory, which has taken over (rules 3 and 15)', async () => {
    const storage = fakeStorage()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage, maxKeyRequestsPerMinute: 1 })
    const release = holdNext(storage, 'update')
    const pending = auth.getKey()
    await passTime(1100)
    await pending
    release()
    await settle()
    expect(await failureOf(auth.getKey({ forceRefresh: true, maxWaitMs: 0 }))).toMatchObject({ code: 'rate_limited' })
    expect(service.asked).toHaveLength(1)
  })

  it('a key that was being read at clear is not taken up, though others had cleared before (rule 16)', async () => {
    const storage = fakeStorage()
    const first = await openPage()
    const before = first.createAuth({ storage })
    await before.getKey()
    await before.clear()
    const old = await before.getKey()
    const { createAuth, service } = await openPage()
    const auth = createAuth({ storage })
    const release = holdNext(storage, 'get')
    const pending = auth.getKey()
    await settle()
    const cleared = auth.clear()
    release()
    await Promise.all([cleared, pending])
    expect(service.given).toContain((await pending).value)
    expect(auth.peek()?.value).not.toBe(old.value)
  })
})
