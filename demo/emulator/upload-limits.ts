import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { IssuedKey } from './keys.ts'
import { createRateWindow, type RateWindow } from './rate-window.ts'
import { Refusal } from './refusal.ts'

/** Counts uploads against a template's limits. */
export interface UploadLimits {
  /** @throws {Refusal} when `count` more uploads are too many; nothing is counted then */
  take(issued: IssuedKey, address: string, count: number): void
}

interface Tally {
  total: number
  byAddress: Map<string, number>
  minute: RateWindow
}

// The documentation names the limits and not their status: 429 is a guess, in line with the key requests'.
const tooMany = (what: string) => new Refusal(429, 'UPLOAD_LIMIT_REACHED', `Too many uploads ${what}`)

export function createUploadLimits(clock: Clock, faults: () => Faults): UploadLimits {
  const tallies = new Map<string, Tally>()
  return {
    take({ key, template }, address, count) {
      const { upload } = template
      const id = faults().uploadsCountedPer === 'key' ? key : `${template.token}/${template.id}`
      const tally = tallies.get(id) ?? { total: 0, byAddress: new Map(), minute: createRateWindow(() => 'sliding') }
      tallies.set(id, tally)
      const atMs = clock.elapsedMs()
      const fromAddress = (tally.byAddress.get(address) ?? 0) + count

      if (tally.total + count > (upload.total ?? Infinity)) throw tooMany('in total')
      if (fromAddress > (upload.perSourceIp ?? Infinity)) throw tooMany('from this address')
      if (tally.minute.waitMs(atMs, (upload.perMinute ?? Infinity) - count + 1) > 0) throw tooMany('in a minute')

      tally.total += count
      tally.byAddress.set(address, fromAddress)
      for (let i = 0; i < count; i++) tally.minute.add(atMs)
    },
  }
}
