import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { drawSeed } from './seed/index.ts'

export interface ServerOptions extends EmulatorOptions {
  /** 0 takes any that is free. @default 0 */
  port?: number
  /** @default '127.0.0.1' */
  hostname?: string
  /** Draws the pictures ahead, in about three seconds, instead of when they are first asked for. @default true */
  drawAtStart?: boolean
}

export interface RunningEmulator {
  /** For example `'http://127.0.0.1:8787'`. */
  readonly origin: string
  readonly port: number
  readonly emulator: Emulator
  /** Ends the server and every connection, also those that hang. */
  close(): Promise<void>
}

/** Serves an emulator over HTTP. */
export async function startEmulator(options: ServerOptions = {}): Promise<RunningEmulator> {
  const { port: wantedPort = 0, hostname = '127.0.0.1', drawAtStart = true, ...emulatorOptions } = options
  const emulator = createEmulator(emulatorOptions)
  // The adapter would replace the global Request and Response, which the code under test uses in the same process.
  const server = createAdaptorServer({ fetch: emulator.app.fetch, overrideGlobalObjects: false }) as Server

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wantedPort, hostname, resolve)
  })
  const { port } = server.address() as AddressInfo
  const closing = new AbortController()
  if (drawAtStart) void drawSeed(closing.signal)

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
