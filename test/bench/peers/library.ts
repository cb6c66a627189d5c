import { createAuth } from '../../../src/index.ts'
import type { Api, Kept } from './peer.ts'

/** As the widget connections use it: they subscribe, so that the key is kept good. */
export function start({ origin, token, templateId }: Api): Kept {
  const auth = createAuth({ apiBase: origin, token, templateId })
  auth.subscribe(() => {})
  return { getKey: async () => (await auth.getKey()).value, end: auth.dispose }
}
