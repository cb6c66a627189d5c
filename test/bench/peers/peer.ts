/** Where a peer gets its key. */
export interface Api {
  /** The API's, for example `'http://127.0.0.1:41234'`. */
  origin: string
  token: string
  templateId: string
  /** The issuer that auth0-spa-js needs. */
  issuer: string
}

export const keyUrl = ({ origin, token, templateId }: Api) => `${origin}/${token}/key/${templateId}`

/** How long the API's keys live, which its answer does not say. */
export const LIFETIME_MS = 1_200_000

/** Something on a page that keeps a key good for one widget. */
export interface Kept {
  /** The key, from memory where there is a good one; `''` where the peer has none and waits for nothing. */
  getKey(): Promise<string>
  /** What the peer offers for ending it. */
  end?(): unknown
}

/** A library, or pasted code, that does what this one does, set up as its documentation says. */
export interface Peer {
  /** Starts it for one widget. On one page it is called once for each. */
  start(api: Api): Kept | Promise<Kept>
  /** What has to happen once in a browser before there can be a key: a visitor signs in. */
  signIn?(api: Api): Promise<void>
}
