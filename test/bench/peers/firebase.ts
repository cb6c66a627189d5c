import { deleteApp, initializeApp } from '@firebase/app'
import { CustomProvider, getToken, initializeAppCheck } from '@firebase/app-check'
import { type Api, type Kept, keyUrl, LIFETIME_MS } from './peer.ts'

const NAME = '[DEFAULT]'
const CONFIG = { apiKey: 'none', appId: '1:1:web:1', projectId: 'bench' }

/** App Check's token of an attestation provider is a key of the API's. */
export function startAppCheck(api: Api) {
  const app = initializeApp(CONFIG, NAME)
  const appCheck = initializeAppCheck(app, {
    provider: new CustomProvider({
      async getToken() {
        const startedAtMs = Date.now()
        const response = await fetch(keyUrl(api))
        if (!response.ok) throw new Error(`${response.status}`)
        const { key } = (await response.json()) as { key: string }
        return { token: key, expireTimeMillis: startedAtMs + LIFETIME_MS }
      },
    }),
    isTokenAutoRefreshEnabled: true,
  })
  return { app, appCheck }
}

let ofPage: ReturnType<typeof startAppCheck> | undefined

/** All widgets of a page use its one app. */
export function start(api: Api): Kept {
  const { app, appCheck } = (ofPage ??= startAppCheck(api))
  return {
    getKey: async () => (await getToken(appCheck)).token,
    async end() {
      ofPage = undefined
      await deleteApp(app)
    },
  }
}
