import { describe, expect, it } from 'vitest'
import { catalogue, codes } from '../../demo/errors/catalogue/catalogue.ts'
import type { AuthErrorCode } from '../../src/index.ts'
import { visitDemo } from './demo-visit.ts'

const visit = visitDemo()
const { shows, keyRequests, press } = visit

const card = (code: AuthErrorCode) => visit.page.locator(`#${code}`)
const field = (code: AuthErrorCode, name: string) => card(code).locator(`[data-field=${name}]`).textContent()

async function openErrors(hash = ''): Promise<void> {
  await visit.page.goto(`${visit.demo.pageOrigin}/errors${hash}`)
  await visit.page.getByRole('button', { name: 'Produce disposed' }).and(visit.page.locator(':enabled')).waitFor()
}

const isThere = (code: AuthErrorCode, wayId: string) =>
  card(code).locator(`.error-outcome[data-way="${wayId}"][data-phase=there]`).waitFor()

/** As somebody who presses the button, which makes the address a link. */
async function produce(code: AuthErrorCode): Promise<void> {
  await press(`Produce ${code}`)
  await isThere(code, catalogue[code].ways[0].id)
  expect(new URL(visit.page.url()).hash).toBe(`#${code}`)
}

/** As somebody who follows a link. */
async function follow(hash: string): Promise<void> {
  await visit.page.evaluate(hash => {
    location.hash = hash
  }, hash)
}

describe('the page of errors', () => {
  it('produces all ten codes, each in all of its ways by a link, and shows them to a visitor and to a developer', async () => {
    await openErrors()
    const ways = codes.flatMap(code => catalogue[code].ways.map(({ id }) => ({ code, id })))
    for (const { code, id } of ways) {
      await follow(`#${code}/${id}`)
      await isThere(code, id)
      expect({ id, code: await field(code, 'code') }).toEqual({ id, code })
      expect(await card(code).locator('.notice-title').textContent()).toBeTruthy()
      expect(await card(code).textContent()).not.toMatch(/SASS__v|[0-9a-f]{32}/)
    }
    expect(new Set(ways.map(({ code }) => code)).size).toBe(10)
    expect(visit.seen.errors).toEqual([])
  })

  it('mends what was broken, and what was a mistake', async () => {
    await openErrors()
    await produce('server')
    expect(await field('server', 'status')).toBe('500')
    await press('Make the service well')
    await card('server').getByRole('button', { name: 'Try now' }).click()
    await shows('#server .error-mended', 'There is a key')
    await shows('#server .error-asked li', '200')
    expect(await card('server').locator('.notice-title').count()).toBe(0)

    for (const [code, button, words] of [
      ['invalid_options', 'Use the right option', 'there is a key'],
      ['origin_not_allowed', 'Allow the origin', 'answered with 200'],
      ['disposed', 'Create another', 'has a key'],
    ] as const) {
      await produce(code)
      await press(button)
      await shows(`#${code} .error-mended`, words)
    }
  })

  it('counts down to the next try, and has the key then (rule 3)', async () => {
    await visit.page.clock.install()
    await openErrors('#rate_limited')
    await shows('#rate_limited [data-testid=retry-left]', /in \d+ s/)
    await shows('#rate_limited [data-testid=countdown]', /Next try in \d+ s/)
    await visit.page.clock.fastForward(11_000)
    await shows('#rate_limited .error-mended', 'There is a key')
    expect(keyRequests()).toBe(2)
  })

  it('says so when a link names no error, does nothing else, and leaves the emulator well behind it', async () => {
    await openErrors('#<img src=x onerror=alert(1)>')
    await shows('.link-notes', 'There is no error “<img src=x')
    expect(await visit.page.locator('.link-notes img').count()).toBe(0)
    expect(keyRequests()).toBe(0)

    await follow('#network')
    await isThere('network', 'dropped')
    expect(visit.demo.emulator.faults.keyAnswer).toBe('drop')
    await visit.page.goto('about:blank')
    await expect.poll(() => visit.demo.emulator.faults.keyAnswer).toBe('normal')
  })
})
