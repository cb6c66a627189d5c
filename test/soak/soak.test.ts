import { describe, expect, it } from 'vitest'
import { soak } from './soak.ts'

const { SOAK_SEED } = process.env
/** The same one each time, so that what is red was made red by a change. `npm run soak` takes another each time. */
const seed = Number(SOAK_SEED ?? 20_261_127)

describe('hours of tabs, faults and files in a real browser', () => {
  it('leave no rule broken and no file lost (rules 1, 2, 3, 4, 8, 9, 10, 11, 12, 14, 15, 16 and 17)', async () => {
    const { violations, trace, rows, faultTimes } = await soak({
      seed,
      hours: 2,
      minutes: 2,
      spellLength: 75,
      longestQuietHours: 1,
    })
    console.log(rows.map(row => row.join(': ')).join('\n'))
    if (violations.length > 0) console.log(trace.join('\n'))
    expect(violations).toEqual([])
    const count = (what: string) => Number.parseInt(rows.find(([name]) => name === what)![1], 10)
    expect(count('keys')).toBeGreaterThan(2)
    expect(count('files given to be uploaded')).toBeGreaterThan(5)
    expect(count('files stored once, checksum equal')).toBe(count('files given to be uploaded'))
    expect(Object.values(faultTimes).filter(times => times > 0).length).toBeGreaterThan(20)
    expect(count('tabs killed, with the browser')).toBeGreaterThan(0)
  })
})
