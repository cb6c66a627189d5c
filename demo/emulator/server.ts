import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { drawSeed } from './seed/index.ts'

/** What {@link startEmulator} takes. */
export interface ServerOptions extends EmulatorOptions {
  /** The port to listen on; 0 takes any that is free. @default 0 */
  port?: number | undefined
  /** The address to listen on; everybody who reaches it may change everything. @default '127.0.0.1' */
  hostname?: string | undefined
  /** Draws the pictures ahead, in about three seconds, instead of when they are first asked for. @default `pictures` */
  drawAtStart?: boolean | undefined
}

/** An emulator that listens. */
export interface RunningEmulator {
  /** What to give as `apiBase`, for example `'http://127.0.0.1:8787'`. */
  readonly origin: string
  /** The one that it listens on. */
  readonly port: number
  /** Its faults, clock, log and files. */
  readonly emulator: Emulator
  /** Ends the server and every connection, also those that hang. */
  close(): Promise<void>
}

/**
 * Serves an emulator over HTTP.
 *
 * @example
 * const api = await startEmulator()
 * const auth = createAuth({ token: SEED.token, templateId: SEED.templateId, apiBase: api.origin })
 * // …
 * await api.close()
 * @throws {TypeError} naming the option that is not as it should be
 * @throws {Error} with the code `EADDRINUSE` where another program has the port
 */
export async function startEmulator(options: ServerOptions = {}): Promise<RunningEmulator> {
  const { port: wantedPort = 0, hostname = '127.0.0.1', drawAtStart, ...emulatorOptions } = options
  const emulator = createEmulator(emulatorOptions)
  // The adapter would replace the global Request and Response, which the code under test uses in the same process.
  const server = createAdaptorServer({
    fetch: (request, bindings: object) => emulator.app.fetch(request, bindings),
    overrideGlobalObjects: false,
  }) as Server

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wantedPort, hostname, resolve)
  })
  const { port } = server.address() as AddressInfo
  const closing = new AbortController()
  if (drawAtStart ?? options.pictures ?? true) void drawSeed(closing.signal)

  return {
    origin: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
    port,
    emulator,
    close: () =>
      new Promise(resolve => {
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
