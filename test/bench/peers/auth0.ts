import { Auth0Client } from '@auth0/auth0-spa-js'
import type { Api, Kept } from './peer.ts'

/** With refresh tokens, in `localStorage`: of its ways, the one that outlives a reload and needs no frame. */
export const newClient = ({ issuer }: Api) =>
  new Auth0Client({
    domain: issuer,
    clientId: 'bench',
    useRefreshTokens: true,
    cacheLocation: 'localstorage',
    authorizationParams: { redirect_uri: location.origin },
  })

/** A visitor is sent to the issuer and back; here the issuer's answer is fetched instead. */
export async function signIn(api: Api): Promise<void> {
  const client = newClient(api)
  let returnsTo = ''
  await client.loginWithRedirect({
    openUrl: async url => {
      returnsTo = await (await fetch(url)).text()
    },
  })
  await client.handleRedirectCallback(returnsTo)
}

let ofPage: Auth0Client | undefined

/** All widgets of a page use its one client. */
export function start(api: Api): Kept {
  const client = (ofPage ??= newClient(api))
  return {
    getKey: async () => (await client.getTokenSilently()) ?? '',
    end() {
      ofPage = undefined
    },
  }
}
