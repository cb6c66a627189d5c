import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Site } from '../harness.ts'

/** A request that came to the other host. */
export interface MediaRequest {
  method: string
  path: string
  /** Whether it carried a key. */
  isSigned: boolean
  range: string
  /** Which headers a preflight asked for. */
  askedHeaders: string
  cookie: string
  status: number
}

/** Another host than the API's: `/private.wav` for who has a key, in ranges; `/open.svg` for everybody. */
export interface Media extends Site {
  requests: MediaRequest[]
}

const open = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path d="M0 0h30v20H0z"/></svg>'

/** Two seconds of a tone, 8 bits at 8 kHz. */
function tone(): Buffer {
  const samples = 16_000
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples, 40)
  const wave = Buffer.from(Array.from({ length: samples }, (_, n) => 128 + 60 * Math.sin(n / 3)))
  return Buffer.concat([header, wave])
}

export async function serveMedia(): Promise<Media> {
  const requests: MediaRequest[] = []
  const wav = tone()
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    const isSigned = String(headers['x-filerobot-key'] ?? '').startsWith('SASS_')
    const range = headers.range ?? ''
    response.on('finish', () => {
      const askedHeaders = headers['access-control-request-headers'] ?? ''
      const { statusCode: status } = response
      requests.push({ method, path, isSigned, range, askedHeaders, cookie: headers.cookie ?? '', status })
    })
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Headers', 'X-Filerobot-Key')
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range')
    response.setHeader('Cache-Control', 'no-store')
    if (method === 'OPTIONS') response.writeHead(204).end()
    else if (path.startsWith('/open.svg')) response.setHeader('Content-Type', 'image/svg+xml').end(open)
    else if (path !== '/private.wav') response.writeHead(404).end()
    else if (!isSigned) response.writeHead(403).end()
    else {
      response.setHeader('Content-Type', 'audio/wav').setHeader('Accept-Ranges', 'bytes')
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? []
      if (from === undefined) {
        response.setHeader('Content-Length', wav.length).end(method === 'HEAD' ? '' : wav)
        return
      }
      const [first, last] = [Number(from), to ? Number(to) : wav.length - 1]
      response.writeHead(206, { 'Content-Range': `bytes ${first}-${last}/${wav.length}` })
      response.end(wav.subarray(first, last + 1))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
