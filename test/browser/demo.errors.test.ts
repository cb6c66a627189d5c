import { describe, expect, it } from 'vitest'
import { catalogue, codes } from '../../demo/errors/catalogue/catalogue.ts'
import type { AuthErrorCode } from '../../src/index.ts'
import { visitDemo } from './demo-visit.ts'

const visit = visitDemo()
const { shows, keyRequests } = visit

const card = (code: AuthErrorCode) => visit.page.locator(`#${code}`)
const field = (code: AuthErrorCode, name: string) => card(code).locator(`[data-field=${name}]`)

async function openErrors(hash = ''): Promise<void> {
  await visit.page.goto(`${visit.demo.pageOrigin}/errors${hash}`)
  await visit.page.getByRole('button', { name: 'Produce disposed' }).and(visit.page.locator(':enabled')).waitFor()
}

async function produce(code: AuthErrorCode): Promise<void> {
  await visit.page.getByRole('button', { name: `Produce ${code}` }).click()
  await shows(`#${code} .for-screen-readers`, 'was produced')
}

describe('the page of errors', () => {
  it.each(codes)('produces %s in each of its ways, and shows it to a visitor and to a developer', async code => {
    await openErrors()
    for (const [index, way] of catalogue[code].ways.entries()) {
      // A link to each: the address is one after it was produced.
      const hash = index === 0 ? `#${code}` : `#${code}/${way.id}`
      await visit.page.evaluate(hash => {
        location.hash = hash
      }, hash)
      await card(code).locator('.error-outcome pre').filter({ hasText: way.call.split('\n').at(-1)! }).waitFor()
      await shows(`#${code} .for-screen-readers`, 'was produced')
      expect([way.id, await field(code, 'code').textContent()]).toEqual([way.id, code])
      expect(await card(code).locator('.notice-title').textContent()).not.toBe('')
      expect(await card(code).textContent()).not.toMatch(/SASS_|[0-9a-f]{32}/)
    }
    expect(visit.seen.errors).toEqual([])
  })

  it('mends what was broken, and the site works again without being loaded anew', async () => {
    await openErrors()
    await produce('server')
    expect(await field('server', 'status').textContent()).toBe('500')
    await visit.press('Make the service well')
    await card('server').getByRole('button', { name: 'Try now' }).click()
    await shows('#server .error-mended', 'There is a key')
    await shows('#server .error-asked li', '200')
    expect(await card('server').locator('.notice-title').count()).toBe(0)
  })

  it.each([
    ['invalid_options', 'Use the right option', 'there is a key'],
    ['origin_not_allowed', 'Allow the origin', 'answered with 200'],
    ['disposed', 'Create another', 'has a key'],
  ] as const)('mends the mistake that made %s', async (code, button, words) => {
    await openErrors()
    await produce(code)
    await visit.press(button)
    await shows(`#${code} .error-mended`, words)
  })

  it('counts down to the next try, and has the key then', async () => {
    await visit.page.clock.install()
    await openErrors('#rate_limited')
    await shows('#rate_limited [data-testid=retry-left]', /in \d+ s/)
    await shows('#rate_limited [data-testid=countdown]', /Next try in \d+ s/)
    await visit.page.clock.fastForward(11_000)
    await shows('#rate_limited .error-mended', 'There is a key')
    expect(keyRequests()).toBe(2)
  })

  it('leaves the emulator as it was when the page is left', async () => {
    await openErrors('#network')
    await shows('#network .for-screen-readers', 'was produced')
    expect(visit.demo.emulator.faults.keyAnswer).toBe('drop')
    await visit.page.goto('about:blank')
    await expect.poll(() => visit.demo.emulator.faults.keyAnswer).toBe('normal')
  })

  it('says so when a link names an error that does not exist, and does nothing else', async () => {
    await openErrors('#<img src=x onerror=alert(1)>')
    await shows('.link-notes', 'There is no error “<img src=x')
    expect(keyRequests()).toBe(0)
    expect(await visit.page.locator('.link-notes img').count()).toBe(0)
  })
})
