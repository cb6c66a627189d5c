import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Emulator } from '../../demo/emulator/index.ts'

/** What stands in for an Auth0 tenant: its tokens are keys of the emulator, so that all peers share one limit. */
export interface Issuer {
  app: Hono
  /** How many preflights it has answered. */
  preflights: number
}

const CLAIMS = { sub: 'visitor', aud: 'bench' }
const TEN_HOURS_SECONDS = 36_000

const base64Url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** auth0-spa-js reads an ID token's claims and leaves its signature to the connection. */
const idToken = (claims: object) => `${base64Url({ alg: 'RS256', typ: 'JWT' })}.${base64Url(claims)}.c2lnbmF0dXJl`

/**
 * @param keyPath the path by which the emulator gives keys
 * @param nowMs the emulator's time
 */
export function createIssuer(emulator: Emulator, keyPath: string, nowMs: () => number): Issuer {
  const nonces = new Map<string, string>()
  const app = new Hono()
  const issuer: Issuer = { app, preflights: 0 }
  app.use(async (c, next) => {
    if (c.req.method === 'OPTIONS') {
      issuer.preflights += 1
      c.res = c.body(null, 204, { 'Access-Control-Allow-Headers': '*', 'Access-Control-Max-Age': '0' })
    } else await next()
    c.res.headers.set('Access-Control-Allow-Origin', '*')
  })
  // A browser would be sent back to this address.
  app.get('/authorize', c => {
    const { nonce = '', state = '', redirect_uri = '' } = c.req.query()
    const code = randomUUID()
    nonces.set(code, nonce)
    return c.text(`${redirect_uri}?${new URLSearchParams({ code, state })}`)
  })
  app.post('/oauth/token', async c => {
    const { code } = (await c.req.parseBody()) as { code?: string }
    const answer = await emulator.app.request(keyPath, {}, { address: '127.0.0.1' })
    const { key, msg } = (await answer.json()) as { key?: string; msg?: string }
    if (!key) return c.json({ error: 'too_many_requests', error_description: msg }, 429)
    const issuedSeconds = Math.floor(nowMs() / 1000)
    const nonce = code && nonces.get(code)
    return c.json({
      access_token: key,
      refresh_token: 'refresh',
      expires_in: 1200,
      token_type: 'Bearer',
      scope: 'openid profile email offline_access',
      id_token: idToken({
        ...CLAIMS,
        iss: `${new URL(c.req.url).origin}/`,
        iat: issuedSeconds,
        exp: issuedSeconds + TEN_HOURS_SECONDS,
        ...(nonce && { nonce }),
      }),
    })
  })
  return issuer
}
