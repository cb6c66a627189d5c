import createCore from '@filerobot/core'
import type { Api, Kept } from './peer.ts'

/** The stock uploader's core in template mode: each widget has its own. */
export async function start({ origin, token, templateId }: Api): Promise<Kept> {
  const core = createCore({
    container: token,
    securityTemplateId: templateId,
    apiEndpoint: origin,
    adminApiEndpoint: origin,
    // No request to another host, for texts.
    i18nFetchApiEndpoint: 'data:application/json,[]#',
    logger: { debug() {}, warn() {}, error() {} },
  })
  const known = new Promise<void>(resolve => {
    core.store.subscribe(() => {
      if (readKey(core)) resolve()
    })
    // It says so, and never asks again: who waited for the key would wait for ever.
    core.on('info-visible', () => resolve())
  })
  return {
    async getKey() {
      await known
      return readKey(core)
    },
    end: () => core.close(),
  }
}

/** As its own requests read it: whatever is in the store, good or not. */
export function readKey(core: { getGlobalState(): unknown }): string {
  const state = core.getGlobalState() as Record<string, { user?: { sassKey?: string } } | undefined>
  return state.Core?.user?.sassKey ?? ''
}
