import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import {
  inShort,
  openStage,
  otherPrivatePhoto,
  privatePhoto,
  publicPhoto,
  register,
  type Stage,
  show,
} from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

describe('a private picture in an <img>', () => {
  it('is not shown without the worker, and is shown with it', async () => {
    const { page, seen, close } = await stage.open()
    const photo = stage.photo(privatePhoto)
    expect(await show(page, photo)).toBe(0)
    expect(stage.deliveries().map(inShort)).toEqual(['GET 403 none'])

    await register(page, stage.options)
    expect(await show(page, photo)).toBeGreaterThan(100)
    expect(stage.deliveries().map(inShort)).toEqual(['GET 403 none', 'GET 200 header'])
    expect(stage.keyRequests()).toBe(1)
    expect(seen.requests.filter(request => request.url().includes('SASS_'))).toEqual([])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('is signed with the key that the page has: page and worker make one request together (rule 2)', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    stage.emulator.setFaults({ keyLatencyMs: 300 })
    const widths = await page.evaluate(
      async ([options, one, other]) => {
        const auth = window.signing.createAuth(options)
        const [, ...widths] = await Promise.all([auth.getKey(), window.signing.show(one), window.signing.show(other)])
        return widths
      },
      [stage.options, stage.photo(privatePhoto), stage.photo(otherPrivatePhoto)] as const,
    )
    expect(Math.min(...widths)).toBeGreaterThan(100)
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('comes with nineteen others for one key request', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    const widths = await page.evaluate(
      photo => Promise.all(Array.from({ length: 20 }, (_, n) => window.signing.show(`${photo}?n=${n}`))),
      stage.photo(privatePhoto),
    )
    expect(Math.min(...widths)).toBeGreaterThan(100)
    expect(stage.deliveries().map(inShort)).toEqual(Array(20).fill('GET 200 header'))
    expect(stage.keyRequests()).toBe(1)
    await close()
  })

  it('is resent once after the key has expired: twenty at once cost one renewal (rule 12)', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    stage.emulator.expireKeys()
    const widths = await page.evaluate(
      photo => Promise.all(Array.from({ length: 20 }, (_, n) => window.signing.show(`${photo}?n=${n}`))),
      stage.photo(privatePhoto),
    )
    expect(Math.min(...widths)).toBeGreaterThan(100)
    const statuses = stage.deliveries().map(({ status }) => status)
    expect(statuses.filter(status => status === 200)).toHaveLength(21)
    // Each went once more at most.
    expect(statuses.filter(status => status === 403).length).toBeGreaterThan(0)
    expect(statuses.length).toBeLessThanOrEqual(41)
    expect(stage.keyRequests()).toBe(2)
    await close()
  })

  it('is signed with a new key after clear() in the page (rule 16)', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    await page.evaluate(options => window.signing.createAuth(options).clear(), stage.options)
    // The word reaches the worker by a channel: a moment later.
    let n = 0
    await expect
      .poll(async () => {
        expect(await show(page, `${stage.photo(privatePhoto)}?n=${n++}`)).toBeGreaterThan(100)
        return stage.deliveries().at(-1)?.keyLabel !== stage.deliveries()[0]?.keyLabel
      })
      .toBe(true)
    expect(stage.keyRequests()).toBe(2)
    await close()
  })
})

describe('the worker leaves alone', () => {
  it('navigations, uploads, key URLs, and requests that have a key', async () => {
    const { page, context, close } = await stage.open()
    await register(page, stage.options)
    const answered: string[] = []
    context.on('response', response => {
      if (response.fromServiceWorker()) answered.push(response.url())
    })
    await page.evaluate(
      async ([api, token, template, photo]) => {
        const files = `${api}/${token}/v4/files?folder=/inbox`
        const frame = document.createElement('iframe')
        const object = document.createElement('object')
        frame.src = photo
        object.data = `${photo}?object`
        const loaded = Promise.all(
          [frame, object].map(element => new Promise(resolve => (element.onload = element.onerror = resolve))),
        )
        document.body.append(frame, object)
        await loaded
        await fetch(files, { method: 'POST', body: new FormData(), mode: 'no-cors' })
        await fetch(`${api}/${token}/key/${template}`)
        await fetch(`${api}/${token}/v4/key/info?key=none`)
        await fetch(files, { headers: { 'X-Filerobot-Key': 'SASS_of-the-page' } })
      },
      [stage.api.origin, SEED.token, SEED.templateId, stage.photo(privatePhoto)] as const,
    )
    expect(answered).toEqual([])
    const signed = stage.log().filter(({ keyIn }) => keyIn === 'header')
    expect(signed.map(({ path }) => path)).toEqual([`/${SEED.token}/v4/files?folder=/inbox`])
    expect(signed[0]?.status).toBe(403)
    const kinds = stage.log().map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['delivery', 'upload', 'key', 'key_info', 'list']))
    // Not one of these went by way of a preflight, but for the page's own header.
    expect(stage.emulator.log.filter(({ kind }) => kind === 'preflight')).toHaveLength(1)
    await show(page, stage.photo(privatePhoto))
    expect(answered).toEqual([stage.photo(privatePhoto)])
    await close()
  })

  it('other origins: no signed request to one that is not allowed (rule 11)', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    expect(await show(page, `${stage.media.origin}/open.svg`)).toBe(30)
    await page.evaluate(
      address => Promise.all([fetch(address), fetch(address, { mode: 'no-cors' }), fetch(address, { method: 'HEAD' })]),
      `${stage.media.origin}/private.wav`,
    )
    expect(stage.media.requests).toHaveLength(4)
    expect(stage.media.requests.filter(({ isSigned }) => isSigned)).toEqual([])
    await close()
  })

  it('where a redirect leads: the key does not go along (rule 11)', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    stage.emulator.setFaults({ deliveryAnswer: 'redirect', redirectTo: `${stage.media.origin}/open.svg` })
    // As without the worker: the browser follows.
    expect(await show(page, stage.photo(publicPhoto))).toBe(30)
    expect(stage.media.requests.map(({ path, isSigned }) => [path, isSigned])).toEqual([['/open.svg', false]])
    await close()
  })
})

describe('a page is never worse off than without the worker', () => {
  it('sees what is public within seconds where no key comes, and waits for one where it has to', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    stage.emulator.setFaults({ holdAnswers: 'key' })
    const privately = show(page, stage.photo(privatePhoto))
    expect(await show(page, stage.photo(publicPhoto))).toBeGreaterThan(100)
    expect(stage.emulator.heldAnswers).toBe(1)
    stage.emulator.clearFaults()
    expect(await privately).toBeGreaterThan(100)
    await close()
  })

  it.each([
    ['the template is rejected', { keyAnswer: 'template_rejected' }],
    ['the answer holds no key', { keyAnswer: 'no_key' }],
    ['the delivery allows no page to read it', { corsOff: true }],
  ] as const)('sees what is public where %s', async (_, faults) => {
    const { page, seen, close } = await stage.open()
    await register(page, stage.options)
    if ('corsOff' in faults) await show(page, stage.photo(privatePhoto))
    stage.emulator.setFaults(faults)
    expect(await show(page, stage.photo(publicPhoto))).toBeGreaterThan(100)
    expect(await show(page, stage.photo(otherPrivatePhoto))).toBe(0)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe("the policy that the worker's file came with", () => {
  it('may forbid the worker what the page may load: from the second picture on it is left to the page', async () => {
    const { page, close } = await stage.open()
    // The other host is in the page's img-src only.
    stage.site.policy = `connect-src 'self' ${stage.api.origin}`
    await register(page, { ...stage.options, allowedOrigins: [stage.media.origin] }, '/strict.js')
    expect(await show(page, `${stage.media.origin}/open.svg?1`)).toBe(0)
    expect(await show(page, `${stage.media.origin}/open.svg?2`)).toBe(30)
    expect(stage.media.requests.map(({ path, isSigned }) => [path, isSigned])).toEqual([['/open.svg?2', false]])
    // What it may reach is signed as ever.
    expect(await show(page, stage.photo(privatePhoto))).toBeGreaterThan(100)
    await close()
  })
})

describe('the request that the worker sends', () => {
  const withMedia = () => ({ ...stage.options, allowedOrigins: [stage.media.origin] })

  it('keeps a range: a private sound plays, and can be sought in', async () => {
    const { page, close } = await stage.open()
    await register(page, withMedia())
    const played = await page.evaluate(async address => {
      const sound = new Audio(address)
      const when = (type: string) =>
        new Promise((resolve, reject) => {
          sound.addEventListener(type, resolve, { once: true })
          sound.addEventListener('error', () => reject(new Error(sound.error?.message)), { once: true })
        })
      sound.load()
      await when('loadedmetadata')
      sound.currentTime = 1.5
      await when('seeked')
      return [Math.round(sound.duration), sound.currentTime]
    }, `${stage.media.origin}/private.wav`)
    expect(played).toEqual([2, 1.5])
    const sent = stage.media.requests.filter(({ method }) => method === 'GET')
    expect(sent.every(({ isSigned, status }) => isSigned && status === 206)).toBe(true)
    expect(sent[0]?.range).toMatch(/^bytes=0-/)
    await close()
  })

  it('is what the page asked for: a part, a head, without cookies, and with no other header that needs leave', async () => {
    const { page, context, close } = await stage.open()
    await context.addCookies([{ name: 'visitor', value: '1', url: stage.media.origin }])
    await register(page, withMedia())
    const answers = await page.evaluate(async address => {
      const part = await fetch(address, { headers: { Range: 'bytes=0-3' } })
      const head = await fetch(address, { method: 'HEAD' })
      return [part.status, await part.text(), head.status, head.headers.get('Content-Type'), await head.text()]
    }, `${stage.media.origin}/private.wav`)
    expect(answers).toEqual([206, 'RIFF', 200, 'audio/wav', ''])
    await show(page, `${stage.media.origin}/open.svg`)
    const { requests } = stage.media
    expect(requests.filter(({ method }) => method === 'HEAD').map(({ isSigned }) => isSigned)).toEqual([true])
    expect(new Set(requests.map(({ askedHeaders }) => askedHeaders))).toEqual(new Set(['', 'x-filerobot-key']))
    expect(requests.map(({ cookie }) => cookie).join('')).toBe('')
    await close()
  })

  it('is answered as it comes: a body that never ends is read piece by piece, and given up', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    await show(page, stage.photo(privatePhoto))
    stage.emulator.setFaults({ deliveryAnswer: 'endless' })
    const pieces = await page.evaluate(async photo => {
      const reader = (await fetch(photo)).body?.getReader()
      const sizes = [await reader?.read(), await reader?.read()].map(piece => piece?.value?.length ?? 0)
      await reader?.cancel()
      return sizes
    }, stage.photo(otherPrivatePhoto))
    expect(Math.min(...pieces)).toBeGreaterThan(0)
    await expect.poll(() => stage.emulator.openRequests).toBe(0)
    await close()
  })

  it('ends when the page ends it, and is checked for its integrity by the page', async () => {
    const { page, close } = await stage.open()
    await register(page, stage.options)
    const photo = stage.photo(privatePhoto)
    stage.emulator.setFaults({ holdAnswers: 'delivery' })
    const aborted = page.evaluate(async photo => {
      const { signal } = Object.assign(window, { aborter: new AbortController() }).aborter
      return window.signing.refusalOf(fetch(photo, { signal }))
    }, photo)
    await expect.poll(() => stage.emulator.heldAnswers).toBe(1)
    await page.evaluate(() => (window as unknown as { aborter: AbortController }).aborter.abort())
    expect(await aborted).toContain('AbortError')
    stage.emulator.clearFaults()

    stage.emulator.expireKeys()
    const checked = await page.evaluate(async photo => {
      const bytes = await (await fetch(photo)).arrayBuffer()
      const digest = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))))
      const fetched = (integrity: string) => window.signing.refusalOf(fetch(photo, { integrity }))
      return [await fetched(`sha256-${digest}`), await fetched(`sha256-${btoa('another')}`)]
    }, photo)
    expect(checked).toEqual(['fulfilled', expect.stringContaining('TypeError')])
    await close()
  })
})
