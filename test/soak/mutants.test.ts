import { describe, expect, it } from 'vitest'
import type { RunningEmulator } from '../../demo/emulator/index.ts'
import { mistake } from '../mutation.ts'
import { type SoakOptions, soak } from './soak.ts'

/** A few things of one kind, so that it is cheap: it is the checks that are looked at, and not the schedule. */
const short: SoakOptions = { seed: 20_261_127, hours: 0.1, minutes: 3, spellLength: 3, longestQuietHours: 0.3 }

/** The service stores an upload with one byte changed. */
function spoil({ emulator }: RunningEmulator): void {
  const { app } = emulator
  const serve = app.fetch.bind(app)
  let isSpoilt = false
  app.fetch = async (request, from) => {
    const isUpload = request.method === 'POST' && new URL(request.url).pathname.endsWith('/files')
    if (!isUpload || isSpoilt) return serve(request, from)
    isSpoilt = true
    const body = new Uint8Array(await request.arrayBuffer())
    // Behind the head of the part, and before the end of the smallest file.
    const at = Buffer.from(body).lastIndexOf('\r\n\r\n') + 4
    body[at]! ^= 1
    const { url, method, headers } = request
    return serve(new Request(url, { method, headers, body }), from)
  }
}

describe('the soak can fail: it sees', () => {
  it('that starts are not counted', async () => {
    const { mutate, count } = mistake('src/attempt.ts', 'starts: [...record.starts, now]', 'starts: [now]')
    const { violations } = await soak({ ...short, mutate, only: ['ask for new keys, one after the other'] })
    expect(count(), 'src/attempt.ts has another text now').toBe(1)
    expect(violations.join('\n')).toMatch(/key requests were started within 60 s/)
  })

  it('that a file was stored with another content', async () => {
    const { violations } = await soak({ ...short, spoil, only: ['upload by fetch'] })
    expect(violations.join('\n')).toMatch(/is stored 0 times[^]*with a content that nobody sent/)
  })
})
