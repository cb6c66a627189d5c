import { describe, expect, it } from 'vitest'
import { pages } from '../../demo/page/pages.ts'
import { visitDemo } from './demo-visit.ts'

const visit = visitDemo()
const { keyRequests, shows, press, chooseTrouble, openDemo, signOutAndAsk } = visit

describe('the demo page', () => {
  it('opens with one key request and shows the key as ready', async () => {
    await openDemo()
    expect(keyRequests()).toBe(1)
    await shows('[data-testid=key-source]', 'Network')
    await shows('[data-testid=counters]', '1 key request · 0 signed requests · 0 refused')
    expect(visit.seen.errors).toEqual([])
  })

  it('never shows a whole key, and has none in its address', async () => {
    await openDemo()
    await shows('.key-facts', /SASS_…/)
    expect(await visit.page.content()).not.toMatch(/SASS_[!-~]{8,}/)
    expect(visit.page.url()).not.toContain('SASS_')
  })

  it('asks for no further key when it is loaded again, and says that it came from IndexedDB', async () => {
    await openDemo()
    await visit.page.reload()
    await shows('.status', 'Ready')
    await shows('[data-testid=key-source]', 'IndexedDB, no request')
    await shows('[data-testid=counters]', '0 key requests')
    expect(keyRequests()).toBe(1)
  })

  it('shows a renewal and a resend when a request is refused because its key expired', async () => {
    await openDemo()
    await press('Expire the key')
    await shows('.outcome', 'Expired at the service')
    await press('Send a signed request')
    await shows('.outcome', /holds \d+ files/)
    await shows('.row', 'sent once more')
    await shows('[data-testid=counters]', /2 key requests · 2 signed requests · 1 refused/)
    expect(keyRequests()).toBe(2)
  })

  it('shows a visitor an error, with its code and the next try, when the API is gone', async () => {
    await openDemo()
    await chooseTrouble('Gone', 'Connections end')
    await signOutAndAsk()
    await shows('.notice-title', 'We cannot reach the media library')
    await shows('.notice-code', 'network')
    await shows('[role=alert]', /next try is at \d\d:\d\d:\d\d/)
    await chooseTrouble('Normal', 'Answers at once')
    await press('Try now')
    await shows('.status', 'Ready')
    expect(await visit.page.locator('.notice[data-tone]').count()).toBe(0)
  })

  it('refuses a secret key, says why, and keeps it out of the address', async () => {
    await openDemo()
    const field = visit.page.getByLabel('Security Template')
    await field.fill('0123456789abcdef0123456789abcdef')
    await shows('.field-problem', 'API secret key')
    await press('Connect')
    await shows('.field-problem', 'never in a browser')
    expect(visit.page.url()).not.toContain('0123456789abcdef')
    await visit.page.goto(`${visit.demo.pageOrigin}/?template=0123456789abcdef0123456789abcdef`)
    await shows('.status', 'Ready')
    expect(visit.page.url()).not.toContain('0123456789abcdef')
  })

  it('says in plain words what is wrong with an option', async () => {
    await openDemo()
    await visit.page.getByLabel('Project token').fill('no spaces please')
    await press('Connect')
    await shows('.field-problem', 'Project token')
    expect(await visit.page.getByLabel('Project token').getAttribute('aria-invalid')).toBe('true')
  })

  it('makes the address a link to another connection', async () => {
    await openDemo()
    await press('Emulator, narrow template')
    await shows('.claims', '/inbox')
    expect(visit.page.url()).toContain('template=SECU_')
    await visit.page.reload()
    await shows('.claims', '/inbox')
  })

  it('moves between the widgets by arrow keys and opens a tab only when it is pressed', async () => {
    await openDemo()
    await visit.page.getByRole('tab', { name: 'Uploader' }).focus()
    await visit.page.keyboard.press('ArrowRight')
    const editor = visit.page.getByRole('tab', { name: 'Image editor' })
    expect(await editor.getAttribute('aria-selected')).toBe('false')
    await visit.page.keyboard.press('Enter')
    await visit.page.getByRole('tabpanel', { name: 'Image editor' }).waitFor()
    expect(await editor.getAttribute('aria-selected')).toBe('true')
  })

  it.each([
    ['360° spin', '.ci360-canvas, canvas'],
    ['Image editor', 'canvas'],
    ['Uploader', '.filerobot-common-BaseInput, input, button'],
  ])('opens the widget "%s" without another key request', async (name, sign) => {
    await openDemo()
    await visit.page.getByRole('tab', { name }).click()
    const panel = visit.page.getByRole('tabpanel', { name })
    await panel.getByRole('button', { name: 'Open the' }).click()
    await panel.locator('.widget').locator(sign).first().waitFor()
    await panel.getByRole('button', { name: 'Close' }).waitFor()
    expect(keyRequests()).toBe(1)
    expect(visit.seen.errors).toEqual([])
  })

  it.each([390, 1280])('scrolls in one direction only at a width of %i pixels', async width => {
    await visit.page.setViewportSize({ width, height: 800 })
    await openDemo()
    await press('Send a signed request')
    await shows('.row', 'v4/files')
    expect(await visit.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  })
})

describe('the script-tag page', () => {
  it('gets a key by one request and lists a folder', async () => {
    await visit.page.goto(`${visit.demo.pageOrigin}/script-tag`)
    await shows('#status', 'Ready')
    await visit.page.locator('#files li').first().waitFor()
    expect(keyRequests()).toBe(1)
    expect(visit.seen.errors).toEqual([])
  })

  it('shares its key with the demo page', async () => {
    await openDemo()
    await visit.page.goto(`${visit.demo.pageOrigin}/script-tag`)
    await visit.page.locator('#files li').first().waitFor()
    expect(keyRequests()).toBe(1)
  })
})

describe('the page under a strict policy', () => {
  it('gets a key and signs requests without a violation, and would show one', async () => {
    const answer = await visit.page.goto(`${visit.demo.pageOrigin}/strict-csp`)
    const api = visit.demo.apiOrigin
    expect(answer?.headers()['content-security-policy']?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      `connect-src ${api}`,
      `img-src ${api} blob:`,
      "style-src 'self'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
    await shows('#status', 'Ready')
    await shows('#again-says', '6 files')
    const picture = visit.page.getByAltText('A ridge at night')
    await expect.poll(() => picture.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(720)
    expect(await visit.page.locator('#count').textContent()).toBe('0 violations')
    expect(keyRequests()).toBe(1)
    expect(visit.seen.errors).toEqual([])

    await press('Break the policy on purpose')
    for (const directive of ['require-trusted-types-for', 'style-src-attr', 'connect-src', 'img-src']) {
      await shows('#violations li', directive)
    }
    await shows('#count', '5 violations')
  })
})

describe('every page', () => {
  it('has one title, a way to all others, names for its controls, and scrolls in one direction only', async () => {
    for (const { path } of pages) {
      await visit.page.goto(visit.demo.pageOrigin + path)
      const links = visit.page.getByRole('navigation', { name: 'Pages of the demo' }).getByRole('link')
      await links.first().waitFor()
      expect(await links.evaluateAll(found => found.map(link => link.getAttribute('href')))).toEqual(
        pages.map(({ path }) => path),
      )
      const current = visit.page.locator('[aria-current=page]')
      expect([path, await current.getAttribute('href')]).toEqual([path, path])
      expect([path, await visit.page.locator('h1').count()]).toEqual([path, 1])
      for (const role of ['button', 'link', 'textbox', 'combobox', 'radio'] as const) {
        const nameless = await visit.page.getByRole(role, { name: /^$/ }).count()
        expect([path, role, nameless]).toEqual([path, role, 0])
      }
      for (const width of [1280, 390]) {
        await visit.page.setViewportSize({ width, height: 800 })
        const scrollWidth = await visit.page.evaluate(() => document.documentElement.scrollWidth)
        expect([path, scrollWidth <= width]).toEqual([path, true])
      }
    }
    expect(visit.seen.errors).toEqual([])
  })
})
