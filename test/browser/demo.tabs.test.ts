import { describe, expect, it } from 'vitest'
import { visitDemo } from './demo-visit.ts'

const visit = visitDemo()
const { shows, keyRequests, press } = visit

const tab = (name: string) => visit.page.frameLocator(`iframe[title="Tab ${name}"]`)
const fingerprint = (name: string) => tab(name).getByTestId('fingerprint').textContent()
const tabShows = (name: string, status: string) => tab(name).locator('.status').filter({ hasText: status }).waitFor()
const tabPress = (name: string, button: string) => tab(name).getByRole('button', { name: button }).click()

async function openTabs(query = ''): Promise<void> {
  await visit.page.goto(`${visit.demo.pageOrigin}/two-tabs${query}`)
  await tabShows('A', 'Ready')
  await tabShows('B', 'Ready')
}

describe('the page with two tabs', () => {
  it('shows one key request and the same key in both, and what one does to it in the other (rules 2 and 16)', async () => {
    await openTabs()
    await shows('[data-testid=key-requests]', /^1\s*key request at/)
    await shows('[data-testid=verdict]', '2 tabs, one key')
    const first = await fingerprint('A')
    expect(first).toMatch(/^[0-9a-f]{8}$/)
    expect(await fingerprint('B')).toBe(first)

    await tabPress('A', 'Sign out')
    await tabShows('B', 'Idle')
    await shows('[data-testid=verdict]', '2 tabs, no key')
    await press('All want a key at once')
    await shows('[data-testid=verdict]', '2 tabs, one key')
    await shows('[data-testid=key-requests]', /^2\s*key requests at/)
    const second = await fingerprint('B')
    expect(second).not.toBe(first)

    await tabPress('B', 'Force a new key')
    await expect.poll(() => fingerprint('A')).not.toBe(second)
    await shows('[data-testid=verdict]', '2 tabs, one key')
    expect(keyRequests()).toBe(3)
    expect(await visit.page.content()).not.toMatch(/SASS_/)
    expect(visit.seen.errors).toEqual([])
  })

  it('closes and opens tabs, real ones too, without another key request', async () => {
    await openTabs()
    await press('Close tab A')
    await shows('[data-testid=verdict]', '1 tab, one key')
    await press('Open another here')
    await tabShows('A', 'Ready')
    await press('Reload tab B')
    await tabShows('B', 'Ready')
    const [real] = await Promise.all([
      visit.page.waitForEvent('popup'),
      visit.page.getByRole('link', { name: 'Open a real tab' }).click(),
    ])
    await real.getByRole('heading', { name: 'Tab C' }).waitFor()
    await shows('[data-testid=verdict]', '3 tabs, one key')
    await real.close({ runBeforeUnload: false })
    await visit.page.reload()
    await tabShows('A', 'Ready')
    await shows('[data-testid=key-requests]', /^0\s*key requests/)
    expect(keyRequests()).toBe(1)
  })

  it('opens as a link says: three tabs, a visitor without a key, a service that fails', async () => {
    await openTabs()
    await visit.page.goto(`${visit.demo.pageOrigin}/two-tabs?tabs=3&visitor=new&fault=errors&spin=/`)
    for (const name of ['A', 'B', 'C']) await tab(name).locator('.tab-key', { hasText: 'server' }).waitFor()
    await shows('.link-notes', '“spin” is unknown here')
    expect(await visit.page.getByRole('radio', { name: 'Failing' }).isChecked()).toBe(true)
    await visit.page.getByRole('radio', { name: 'Normal' }).check()
    await press('Start over without a key')
    await shows('[data-testid=verdict]', '3 tabs, one key')
    await shows('[data-testid=key-requests]', /^1\s*key request at/)
  })
})
