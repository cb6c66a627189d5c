import { createRequire } from 'node:module'
import { bundle } from '../model/library.ts'
import type { OpenPage } from './browser.ts'
import { TEMPLATE } from './service.ts'
import type { Timeline } from './timeline.ts'

type Thunk = (dispatch: Dispatch, getState: () => object, extra: object) => unknown
type Dispatch = (action: object | Thunk) => unknown
interface UserSlice {
  generateUserKey(): Thunk
}

/** Bundles the vendor's code once. */
export function buildVendor(): ReturnType<typeof bundle<UserSlice>> {
  return bundle<UserSlice>(createRequire(import.meta.url).resolve('@filerobot/core/lib/slices/user.slice.js'), [
    'setTimeout',
  ])
}

/**
 * What the vendor's uploader does with a template: `generateUserKey` of `@filerobot/core` as it is published, dispatched
 * as its constructor does. It asks for a key, then for what that key may do, and for the next one 19.5 minutes later.
 * A refusal ends it.
 */
export function byVendor(load: Awaited<ReturnType<typeof buildVendor>>, timeline: Timeline): OpenPage {
  // Of its page it takes nothing but a timer, so that one copy serves all.
  const { generateUserKey } = load({
    setTimeout: (task: () => void, delayMs: number) => timeline.in(delayMs, task),
  })
  return browser => {
    let isOpen = true
    const filerobot = {
      opts: { apiEndpointWithContainer: '', securityTemplateId: TEMPLATE },
      getPlugin: () => undefined,
      info() {},
      emit: (type: string, key: string) => type === 'sass-key-obtained' && browser.holds(key),
    }
    const apiClient = {
      async get(url: string): Promise<object> {
        // What a key may do: a call without a limit.
        if (url.includes('/key/info')) return { is_validate: true, permissions: [] }
        const response = await browser.fetchKey()
        const body = (await response.json()) as object
        if (!response.ok) throw body
        return body
      },
    }
    const state = { 'filerobot-core': { securityData: {}, info: {} } }
    const dispatch: Dispatch = action => {
      // Of a page that was closed its timer is still there.
      if (typeof action !== 'function' || !isOpen) return action
      return action(dispatch, () => state, { filerobot, apiClient })
    }
    dispatch(generateUserKey())
    return () => {
      isOpen = false
      browser.holds(undefined)
    }
  }
}
