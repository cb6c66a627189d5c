import { fileURLToPath } from 'node:url'
import type { KeyStorage } from '../../src/index.ts'
import { bundle, type CoreLibrary, type LoadLibrary, TAB_GLOBALS } from '../model/library.ts'
import type { Mutate } from '../mutation.ts'
import { LeanAbortController } from './abort.ts'
import { type OpenPage, pageTimers } from './browser.ts'
import { TEMPLATE, TOKEN } from './service.ts'

/** The globals that are a page's or the endpoint's own. */
export const GLOBALS = [...TAB_GLOBALS, 'AbortController']

/** Bundles the core once; each page evaluates its own copy. `mutate` as in the model. */
export function buildLibrary(mutate?: Mutate): Promise<LoadLibrary> {
  return bundle<CoreLibrary>(fileURLToPath(new URL('../../src/index.ts', import.meta.url)), GLOBALS, mutate)
}

/** Nobody else is in these browsers, so that no lock is ever held, and no message heard. */
const locks = { request: async (_name: string, _options: object, task: () => unknown) => task() }
class BroadcastChannel {
  postMessage(): void {}
  close(): void {}
}

/**
 * This library as a script tag starts it: a page subscribes, and stays in sight.
 *
 * @param keyUrl the site's own endpoint, where it has one
 */
export function byLibrary(load: LoadLibrary, keyUrl?: string): OpenPage {
  return browser => {
    const { timeline, random, storage: records } = browser
    const timers = pageTimers(browser)
    class PageDate extends Date {
      static override now = () => timeline.nowMs
    }
    const globals = {
      Date: PageDate,
      Math: Object.create(Math, { random: { value: random } }) as Math,
      performance: { now: () => timeline.nowMs - timeline.startMs },
      setTimeout: timers.setTimeout,
      clearTimeout: timers.clearTimeout,
      navigator: { onLine: true, locks },
      document: { visibilityState: 'visible', baseURI: 'https://site.example/' },
      BroadcastChannel,
      AbortController: LeanAbortController,
      fetch: browser.fetchKey,
      addEventListener() {},
      removeEventListener() {},
      queueMicrotask,
    }
    const library = load({ ...globals, globalThis: globals })
    const storage: KeyStorage = {
      get: async id => records.get(id),
      update: async (id, change) => void records.set(id, change(records.get(id))),
    }
    const auth = library.createAuth({ token: TOKEN, templateId: TEMPLATE, storage, keyUrl })
    auth.subscribe(({ key }) => browser.holds(key?.value))
    return () => {
      timers.end()
      browser.holds(undefined)
    }
  }
}
