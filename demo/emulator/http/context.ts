import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { IssuedKey } from '../keys.ts'
import type { Refusal } from '../refusal.ts'
import type { World } from '../world.ts'

/** Who calls: a server with a secret key, which may do everything, or the holder of an access key. */
export type Caller = { readonly kind: 'secret' } | { readonly kind: 'access'; readonly issued: IssuedKey }

export interface EmulatorEnv {
  /** Node's request and response over HTTP; in process, optionally the address to be taken for the caller's. */
  Bindings: Partial<HttpBindings> & { address?: string }
  Variables: {
    world: World
    /** Decided when the headers arrive, as a key that expires during an upload was good when it began. */
    caller: Caller | Refusal
    body: Uint8Array<ArrayBuffer>
    /** The connection was ended without an answer. */
    isDropped: boolean
  }
}

export type EmulatorContext = Context<EmulatorEnv>

/** The caller's address, without the prefix that a dual-stack socket puts before IPv4. */
export function addressOf(c: EmulatorContext): string {
  const { callerAddress } = c.var.world.faults
  if (callerAddress) return callerAddress
  const bindings = c.env as EmulatorEnv['Bindings'] | undefined
  const address = bindings?.incoming?.socket.remoteAddress ?? bindings?.address ?? '127.0.0.1'
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}

export const originOf = (c: EmulatorContext) => new URL(c.req.url).origin
