import { describe, expect, it } from 'vitest'
import { visitDemo } from './demo-visit.ts'

const SECRET = '0123456789abcdef0123456789abcdef'

const visit = visitDemo()
const { shows, keyRequests, press, chooseTrouble, openDemo } = visit

const isChecked = (name: string) => visit.page.getByRole('radio', { name, exact: true }).isChecked()

describe('a link to a state of the live bench', () => {
  it('opens that state: template, lifetime, open questions, widget and theme', async () => {
    const { narrowTemplateId } = (await (await fetch(`${visit.demo.pageOrigin}/demo-config.json`)).json()) as {
      narrowTemplateId: string
    }
    const query = `template=${narrowTemplateId}&validity=20&dead-key=401&second-request=same-key&widget=spin&spin=/inbox&theme=dark`
    await visit.page.goto(`${visit.demo.pageOrigin}/?${query}`)
    await shows('.claims', '/inbox')
    expect(visit.demo.emulator.faults).toMatchObject({ validitySeconds: 20, expiredStatus: 401, sameKeyAgain: true })
    expect(await visit.page.getByLabel('New keys live').inputValue()).toBe('20')
    await visit.page.getByRole('tabpanel', { name: '360° spin' }).waitFor()
    // An empty folder: that it was looked into is said where the widget would be.
    await shows('.poster-problem', '360° spin could not be opened')
    expect(await visit.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    expect(await visit.page.locator('.link-notes li').count()).toBe(0)
    expect(visit.seen.errors).toEqual([])
  })

  it('is made by a button, and opens what was there: also a visitor whom nobody gives a key', async () => {
    await visit.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await openDemo()
    await visit.page.getByRole('tab', { name: '360° spin' }).click()
    await press('Open the 360° spin')
    await shows('.panel-foot output', '36 frames')
    await chooseTrouble('Limited', 'Key requests are refused')
    await press('Sign out')
    await shows('.status', 'Idle')
    await press('Copy link to this state')
    const link = await visit.page.evaluate(() => navigator.clipboard.readText())
    expect(link).toBe(`${visit.demo.pageOrigin}/?fault=limit&widget=spin&visitor=new`)
    expect(visit.page.url()).toBe(link)

    await visit.page.reload()
    await shows('.notice-title', 'Too many people are asking')
    expect(await isChecked('Limited')).toBe(true)
    await shows('.panel[data-phase=opening], .poster-problem', /spin/)
  })

  it('that is hostile or wrong harms nothing: it is ignored with a note, and a secret key is taken out', async () => {
    const hostile = `fault=explode&widget=__proto__&<script>=1&theme=dark&theme=light&template=${SECRET}#SASS_${'x'.repeat(20)}`
    await visit.page.goto(`${visit.demo.pageOrigin}/?${hostile}`)
    await shows('.status', 'Ready')
    expect(await visit.page.evaluate(() => scrollY)).toBeGreaterThan(0)
    await shows('.link-notes', 'held an API secret key')
    await shows('.link-notes', 'held an access key')
    await shows('.link-notes', '“fault=explode” was ignored. Possible: none, slow, limit')
    await shows('.link-notes', '“widget=__proto__” was ignored')
    await shows('.link-notes', '“<script>” is unknown here')
    await shows('.link-notes', '“theme” is there more than once')
    expect(visit.page.url()).not.toMatch(new RegExp(`${SECRET}|SASS_`))
    expect(await visit.page.content()).not.toMatch(new RegExp(`${SECRET}|SASS_x`))
    expect(visit.demo.emulator.faults.keyAnswer).toBe('normal')
    expect(keyRequests()).toBe(1)
    expect(visit.seen.errors).toEqual([])
    await press('Dismiss')
    expect(await visit.page.locator('.link-notes li').count()).toBe(0)
  })
})
