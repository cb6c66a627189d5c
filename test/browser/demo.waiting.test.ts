import { describe, expect, it } from 'vitest'
import { visitDemo } from './demo-visit.ts'

const visit = visitDemo()
const { keyRequests, shows, press, chooseTrouble, openDemo, signOutAndAsk } = visit

/** The ticking words, where there is something to wait for. */
const COUNTDOWN = '[data-testid=countdown]'
const SOON = { timeout: 15_000 }

describe('the demo page, while a key has to be waited for', () => {
  it('counts down to the next try while a caller waits for it, and has the key then (rule 3)', async () => {
    await visit.page.clock.install()
    await openDemo()
    const tells = { retryAfter: 'seconds', retryAfterSeconds: 12, exposeRetryAfter: true } as const
    visit.demo.emulator.setFaults({ keyAnswer: 'too_many', ...tells })
    await signOutAndAsk()
    await shows('.status', 'Waiting')
    await shows('.notice-title', 'Too many people are asking')
    await shows('.row', 'Waiting: whoever wants a key gets it after the next try')
    // Before its turn a request would be refused again.
    expect(await visit.page.getByRole('button', { name: 'Try now' }).count()).toBe(0)
    visit.demo.emulator.clearFaults()
    const { clock } = visit.page
    await clock.pauseAt((await visit.page.evaluate(() => Date.now())) + 1000)
    const words = await visit.page.locator(COUNTDOWN).textContent()
    const leftSeconds = Number(/^Next try in (\d+) s$/.exec(words ?? '')?.[1])
    await clock.runFor(3000)
    await shows(COUNTDOWN, `Next try in ${leftSeconds - 3} s`)
    await shows('.dial-figure', `0:0${leftSeconds - 3}`)
    await clock.runFor((leftSeconds - 3) * 1000)
    await shows('.status', 'Ready')
    expect(await visit.page.locator(COUNTDOWN).count()).toBe(0)
    // The first, one that was refused, and the one after the wait.
    expect(keyRequests()).toBe(3)
  })

  it('counts down as well when the wait is too long for a caller (rule 3)', async () => {
    await openDemo()
    await chooseTrouble('Limited', 'Key requests are refused')
    await signOutAndAsk()
    await shows('.status', 'Error')
    await shows(COUNTDOWN, /Next try in 5\d s/)
    expect(await visit.page.locator('.key-card code').textContent()).toBe('rate_limited')
  })

  it('says the time of the next try once, and leaves the ticking to the eyes', async () => {
    await openDemo()
    await chooseTrouble('Limited', 'Key requests are refused')
    await signOutAndAsk()
    const said = visit.page.getByRole('status').filter({ hasText: 'It will be your turn' })
    await said.waitFor()
    const words = await said.textContent()
    expect(words).toMatch(/The next try is at \d\d:\d\d:\d\d\./)
    const countdown = visit.page.locator(COUNTDOWN)
    const [role, live] = [await countdown.getAttribute('role'), await countdown.getAttribute('aria-live')]
    expect([role, live]).toEqual(['timer', 'off'])
    expect(await said.locator(COUNTDOWN).count()).toBe(0)
    const first = await countdown.textContent()
    await expect.poll(() => countdown.textContent(), SOON).not.toBe(first)
    expect(await said.textContent()).toBe(words)
  })

  it('has a clock that ticks while something shows the time, and else none', async () => {
    await visit.page.addInitScript(() => {
      const ticking = new Set<number>()
      const { setInterval, clearInterval } = window
      window.setInterval = ((...args: Parameters<typeof setInterval>) => {
        const id = setInterval(...args)
        ticking.add(id)
        return id
      }) as typeof window.setInterval
      window.clearInterval = id => {
        ticking.delete(Number(id))
        clearInterval(id)
      }
      Object.assign(window, { ticking })
    })
    const ticking = () => visit.page.evaluate(() => (window as unknown as { ticking: Set<number> }).ticking.size)
    await openDemo()
    await expect.poll(ticking, SOON).toBe(1)
    await press('Sign out')
    await shows('.status', 'Idle')
    await expect.poll(ticking, SOON).toBe(0)
    await chooseTrouble('Limited', 'Key requests are refused')
    await press('Get the key')
    await shows(COUNTDOWN, 'Next try in')
    await expect.poll(ticking, SOON).toBe(1)
  })

  it('lets a visitor arrive in a full minute, who gets his key when it is over (rule 3)', async () => {
    await visit.page.clock.install()
    await openDemo()
    await press('Arrive in a full minute')
    await shows('.outcome', 'Others have used up this minute')
    await shows('.status', 'Waiting')
    await shows(COUNTDOWN, /Next try in (1 min|5\d s)/)
    visit.demo.emulator.setClock({ advanceMs: 60_000 })
    await visit.page.clock.fastForward(61_000)
    await shows('.status', 'Ready')
    await shows('.outcome', 'Its turn came after')
    expect(keyRequests()).toBe(3)
  })

  it('lets the open questions be answered otherwise, together with a trouble', async () => {
    await openDemo()
    await visit.page.getByText('Where the documentation is silent').click()
    await visit.page.getByLabel('A dead key is refused by').selectOption('200 and an error')
    await visit.page.getByLabel('The lifetime is told').selectOption('Nowhere')
    await visit.page.getByLabel('The service’s clock').selectOption('A day slow')
    await chooseTrouble('Slow', 'Every answer')
    await expect
      .poll(() => visit.demo.emulator.faults, SOON)
      .toMatchObject({ expiredStatus: 200, invalidStatus: 200, claimsInKey: false, latencyMs: 2000 })
    await chooseTrouble('Normal', 'Answers at once')
    await expect.poll(() => visit.demo.emulator.faults.latencyMs, SOON).toBe(0)
    const { nowMs } = (await (await fetch(`${visit.demo.apiOrigin}/_emulator/state`)).json()) as { nowMs: number }
    expect(Date.now() - nowMs).toBeGreaterThan(80_000_000)
    await press('Expire the key')
    await shows('.outcome', 'Expired at the service')
    await press('Send a signed request')
    await shows('.row', 'sent once more')
    await shows('.outcome', /holds \d+ files/)
    await press('Connect')
    await expect.poll(() => visit.demo.emulator.faults.expiredStatus, SOON).toBe(403)
  })
})
