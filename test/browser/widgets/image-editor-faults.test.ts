import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningEmulator, SEED, startEmulator } from '../../../demo/emulator/index.ts'
import { addressOf, delivered, privatePhoto } from '../../traffic.ts'
import { launchBrowser, newPage, ready, type Site, serveSite, type TestBrowser, type Watch } from '../harness.ts'

let api: RunningEmulator
let site: Site
let browser: TestBrowser
beforeAll(async () => {
  ;[api, site, browser] = await Promise.all([startEmulator({ drawAtStart: false }), serveSite(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([site?.close(), api?.close()])
})

const publicPhoto = '/photos/fjord.png'
const mirrored = { left: 'light', right: 'dark' }

/** The page with the editor, in a profile of its own, with an emulator that remembers nothing. */
async function open(): Promise<{ page: Page; seen: Watch; close: () => Promise<void> }> {
  api.emulator.reset()
  const opened = await newPage(browser)
  const query = new URLSearchParams({ apiBase: api.origin, token: SEED.token, template: SEED.templateId })
  await opened.page.goto(`${site.origin}/test/editor.html?${query}`)
  await ready(opened.page, 'editor')
  return opened
}

/** A private picture, dark at the left and light at the right, under a name of any kind. */
async function privatePicture(page: Page, name: string, type: string, isNoise = false): Promise<string> {
  const bytes = Buffer.from(
    await page.evaluate(how => window.editor.picture(...how), [type, isNoise] as const),
    'base64',
  )
  const body = new FormData()
  body.append('files[]', new Blob([bytes], { type }), name)
  const headers = { 'X-Filerobot-Key': SEED.secretKey }
  await fetch(`${api.origin}/${SEED.token}/v4/files?folder=/spin-private`, { method: 'POST', headers, body })
  const file = api.emulator.files('/spin-private').find(({ path }) => path.endsWith(`/${name}`))
  expect(file).toMatchObject({ visibility: 'private', type })
  return addressOf(api.origin, `/spin-private/${name}`)
}

const flip = async (page: Page) => {
  await page.getByText('Flip X', { exact: true }).click()
  await page.getByText('Un-Flip X', { exact: true }).waitFor()
}
/** Presses Save, and Save in the dialog, where the name is. */
async function save(page: Page, format?: string): Promise<string> {
  await page.locator('.FIE_buttons-save-btn-button').click()
  await page.getByText('Save as', { exact: true }).waitFor()
  const name = await page.locator('.FIE_save-file-name-input input').inputValue()
  if (format) {
    await page.locator('.FIE_save-extension-selector').click()
    await page.getByText(format, { exact: true }).last().click()
  }
  await page.getByRole('button', { name: 'Save', exact: true }).last().click()
  return name
}
const happened = (page: Page, what: string, times = 1) =>
  page.waitForFunction(([what, times]) => window.editor.happened.filter(word => word === what).length >= times, [
    what,
    times,
  ] as const)
const notice = (page: Page) => page.getByRole('alert')
/** The page's own; pictures for a test are put elsewhere. */
const uploads = () =>
  api.emulator.log.filter(({ kind, method, path }) => kind === 'upload' && method === 'POST' && path.includes('inbox'))
const keyRequests = () => api.emulator.log.filter(({ kind }) => kind === 'key').length
const storedIn = (folder: string) => api.emulator.files(folder)

/** Which half of a stored picture is light. */
async function halves(page: Page, path: string) {
  const { bytes } = await delivered(api.origin, path)
  const [left, right] = await page.evaluate(bytes => window.editor.lightness(bytes), bytes.toString('base64'))
  const word = (lightness: number) => (lightness > 128 ? 'light' : 'dark')
  return { left: word(left), right: word(right) }
}

describe('a private image', () => {
  it('is refused to the stock editor: 403, a message, and nothing to save', async () => {
    const { page, close } = await open()
    await page.evaluate(source => window.editor.stock({ source }), addressOf(api.origin, privatePhoto))
    await page.getByText('Error in loading the image').waitFor()
    expect(api.emulator.log.filter(({ kind }) => kind === 'delivery').map(({ status }) => status)).toEqual([403])
    expect(await page.locator('.FIE_buttons-save-btn-button').isDisabled()).toBe(true)
    await close()
  })

  it('is opened by the connection also when the key expires just then: one renewal, two deliveries', async () => {
    const { page, seen, close } = await open()
    await page.evaluate(() => window.editor.auth.getKey())
    api.emulator.expireKeys()
    await page.evaluate(source => window.editor.connected({ source }), addressOf(api.origin, privatePhoto))
    await flip(page)
    expect(await page.locator('.FIE_buttons-save-btn-button').isEnabled()).toBe(true)
    const deliveries = api.emulator.log.filter(({ kind, method }) => kind === 'delivery' && method === 'GET')
    expect(deliveries.map(({ status }) => status)).toEqual([403, 200])
    expect(keyRequests()).toBe(2)
    expect(seen.errors).toEqual([])
    await close()
  })

  it('can be compared with its edit, unless its URL is revoked early, and leaves no object URL when it is released', async () => {
    const { page, close } = await open()
    const source = addressOf(api.origin, privatePhoto)
    const comparedWidth = async () => {
      await flip(page)
      await page.locator('.FIE_image_info button').first().hover()
      await page.mouse.down()
      const original = page.locator('.FIE_original-image-compare')
      await original.waitFor({ state: 'attached' })
      await page.waitForFunction(
        () => document.querySelector<HTMLImageElement>('.FIE_original-image-compare')?.complete,
      )
      const width = await original.evaluate(image => (image as HTMLImageElement).naturalWidth)
      await page.mouse.up()
      return width
    }
    await page.evaluate(source => window.editor.stockElement(source, 'night-ridge.png'), source)
    expect(await comparedWidth()).toBe(0)
    await page.evaluate(() => window.editor.close())

    await page.evaluate(source => window.editor.connected({ source }), source)
    expect(await comparedWidth()).toBeGreaterThan(0)
    expect(await page.evaluate(() => window.editor.openObjectUrls())).toBe(1)
    expect(await page.evaluate(() => (window.editor.close(), window.editor.openObjectUrls()))).toBe(0)
    await close()
  })

  it('is opened once, and saved, by the React editor in StrictMode', async () => {
    const { page, seen, close } = await open()
    const source = await privatePicture(page, 'half.png', 'image/png')
    await page.evaluate(source => window.editor.react({ source, folder: '/inbox' }), source)
    await flip(page)
    expect(await save(page)).toBe('half-edited')
    await page.waitForFunction(() => window.editor.saved.length === 1)
    expect(await halves(page, '/inbox/half-edited.png')).toEqual(mirrored)
    expect(keyRequests()).toBe(1)
    await page.evaluate(() => window.editor.close())
    expect(await page.evaluate(() => window.editor.openObjectUrls())).toBe(0)
    expect([seen.errors, await page.evaluate(() => window.editor.happened)]).toEqual([[], []])
    await close()
  })
})

describe('a save', () => {
  it('of a jpg: stock says image/jpg, of which a canvas makes PNG; connected it is JPEG of the quality that was chosen', async () => {
    const { page, close } = await open()
    const source = await privatePicture(page, 'half.jpg', 'image/jpeg')
    await page.evaluate(source => window.editor.stockElement(source, 'half.jpg'), source)
    await flip(page)
    await save(page)
    await happened(page, 'saving')
    expect(await page.evaluate(() => window.editor.stockImage())).toMatchObject({
      fullName: 'half.jpg',
      mimeType: 'image/jpg',
      writtenType: 'image/png',
    })
    await page.evaluate(() => window.editor.close())

    for (const [name, defaultSavedImageQuality] of [
      ['fine', 0.95],
      ['coarse', 0.1],
    ] as const) {
      await page.evaluate(([options, more]) => window.editor.connected(options, more), [
        { source, folder: '/inbox', name },
        { defaultSavedImageQuality },
      ] as const)
      await flip(page)
      expect(await save(page)).toBe(name)
      await page.waitForFunction(name => window.editor.saved.at(-1)?.file['name'] === `${name}.jpeg`, name)
      await page.evaluate(() => window.editor.close())
    }
    const [coarse, fine] = storedIn('/inbox').sort((a, b) => a.sizeBytes - b.sizeBytes)
    expect([coarse, fine]).toMatchObject([
      { path: '/inbox/coarse.jpeg', type: 'image/jpeg' },
      { path: '/inbox/fine.jpeg', type: 'image/jpeg' },
    ])
    expect(fine!.sizeBytes).toBeGreaterThan(1.5 * coarse!.sizeBytes)
    expect((await delivered(api.origin, '/inbox/fine.jpeg')).bytes.subarray(0, 2).toString('hex')).toBe('ffd8')
    await close()
  })

  it('keeps the type of a CAT.JPG, of which the stock editor makes CAT.JPG.png', async () => {
    const { page, close } = await open()
    const source = await privatePicture(page, 'CAT.JPG', 'image/jpeg')
    await page.evaluate(source => window.editor.stockElement(source, 'CAT.JPG'), source)
    await flip(page)
    await save(page)
    await happened(page, 'saving')
    expect(await page.evaluate(() => window.editor.stockImage())).toMatchObject({ fullName: 'CAT.JPG.png' })
    await page.evaluate(() => window.editor.close())

    await page.evaluate(source => window.editor.connected({ source, folder: '/inbox' }), source)
    await flip(page)
    expect(await save(page)).toBe('CAT-edited')
    await happened(page, 'saved')
    expect(storedIn('/inbox')).toMatchObject([{ path: '/inbox/CAT-edited.jpg', type: 'image/jpeg' }])
    await close()
  })

  it('with another default type: stock makes cat.png.jpg of cat.png, connected it has one extension', async () => {
    const { page, close } = await open()
    const source = await privatePicture(page, 'cat.png', 'image/png')
    await page.evaluate(
      source => window.editor.stock({ source, defaultSavedImageType: 'jpg' }),
      addressOf(api.origin, publicPhoto),
    )
    await flip(page)
    await save(page)
    await happened(page, 'saving')
    expect((await page.evaluate(() => window.editor.stockImage())).fullName).toBe('fjord.png.jpg')
    await page.evaluate(() => window.editor.close())

    const type = { defaultSavedImageType: 'jpg' }
    await page.evaluate(([options, more]) => window.editor.connected(options, more), [
      { source, folder: '/inbox' },
      type,
    ] as const)
    await flip(page)
    await save(page)
    await happened(page, 'saved')
    expect(storedIn('/inbox')).toMatchObject([{ path: '/inbox/cat-edited.jpg', type: 'image/jpeg' }])
    await close()
  })

  it('of a tainted canvas: stock hands over an empty image; the connection stores nothing and says so', async () => {
    const { page, close } = await open()
    const source = addressOf(api.origin, publicPhoto)
    await page.evaluate(source => window.editor.stock({ source, noCrossOrigin: true }), source)
    await flip(page)
    await save(page)
    await happened(page, 'saving')
    const { base64Length, writtenType } = await page.evaluate(() => window.editor.stockImage())
    expect([base64Length ?? 0, writtenType]).toEqual([0, undefined])

    await page.evaluate(source => window.editor.connect({ source, folder: '/inbox' }), source)
    expect(await page.evaluate(() => window.editor.handOver())).toBeUndefined()
    expect(await notice(page).textContent()).toBe('Not saved, but not lost.')
    expect(await page.evaluate(() => window.editor.failures())).toMatchObject([{ code: 'invalid_options' }])
    expect([uploads(), storedIn('/inbox')]).toEqual([[], []])
    await close()
  })

  it('tells how far it is, and is cancelled by the editor’s user: nothing is stored, and the editor goes on', async () => {
    const { page, seen, close } = await open()
    // Some megabytes: what fits into the buffers between has arrived before anybody can cancel it.
    const source = await privatePicture(page, 'noise.png', 'image/png', true)
    await page.evaluate(source => window.editor.connected({ source, folder: '/inbox', isProgressWanted: true }), source)
    await flip(page)
    api.emulator.setFaults({ uploadBytesPerSecond: 1_000_000 })
    await save(page)
    await page.waitForFunction(() => window.editor.progress.length > 0)
    expect(await page.locator('dialog[open]').textContent()).toMatch(/^Saving….*\d+ % .*Cancel/)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await happened(page, 'not saved')
    expect(await notice(page).count()).toBe(0)
    await expect.poll(() => uploads().map(({ status }) => status), { timeout: 20_000 }).toEqual([0])
    expect([storedIn('/inbox'), await page.evaluate(() => window.editor.failures())]).toEqual([[], []])

    api.emulator.clearFaults()
    await save(page)
    await happened(page, 'saved')
    const progress = await page.evaluate(() => window.editor.progress)
    expect(progress.at(-1)).toBe(1)
    expect(storedIn('/inbox').map(({ sha256 }) => sha256)).toEqual([
      (await page.evaluate(() => window.editor.sentHashes())).at(-1),
    ])
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a save that fails', () => {
  it('is an unhandled rejection in the stock editor, of which its user sees nothing', async () => {
    const { page, seen, close } = await open()
    await page.evaluate(source => window.editor.stock({ source }, 'reject'), addressOf(api.origin, publicPhoto))
    await flip(page)
    await save(page)
    await expect.poll(() => seen.errors).toEqual(['Error: not stored'])
    expect(await page.locator('.FIE_feedback-robot, [role=alert]').count()).toBe(0)
    await close()
  })

  it.each([
    ['500', { apiAnswer: 'server_error' }, { code: 'server', status: 500 }],
    ['a gateway’s page', { apiAnswer: 'html' }, { code: 'server', status: 502 }],
    ['a connection that ends', { apiAnswer: 'drop' }, { code: 'network' }],
  ] as const)(
    'with %s is seen, and can be tried again by the user, downloaded, or saved anew',
    async (_, fault, error) => {
      const { page, seen, close } = await open()
      const source = await privatePicture(page, 'half.png', 'image/png')
      await page.evaluate(source => window.editor.connected({ source, folder: '/inbox' }), source)
      await flip(page)
      api.emulator.setFaults(fault)
      await save(page)
      await happened(page, 'not saved')
      expect(await notice(page).textContent()).toBe('Not saved, but not lost.')
      const file = { name: 'half-edited.png', type: 'image/png' }
      expect(await page.evaluate(() => window.editor.failures())).toEqual([{ ...error, file }])

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download', exact: true }).click(),
      ])
      expect(download.suggestedFilename()).toBe('half-edited.png')
      const onDisk = await readFile(await download.path())
      const [hash] = await page.evaluate(() => window.editor.sentHashes())
      expect(createHash('sha256').update(onDisk).digest('hex')).toBe(hash)

      api.emulator.clearFaults()
      await page.getByRole('button', { name: 'Try again', exact: true }).click()
      await page.waitForFunction(() => window.editor.saved.length === 1)
      expect(storedIn('/inbox')).toMatchObject([{ path: '/inbox/half-edited.png', version: 1, sha256: hash }])
      expect(await notice(page).count()).toBe(0)

      // The editor still holds the edit.
      await save(page)
      await happened(page, 'saved')
      expect(storedIn('/inbox')).toMatchObject([{ version: 2 }])
      expect(await halves(page, '/inbox/half-edited.png')).toEqual(mirrored)
      expect(seen.errors).toEqual([])
      await close()
    },
  )

  it('by XMLHttpRequest tells a lost network and a redirect apart', async () => {
    const { page, close } = await open()
    const source = addressOf(api.origin, privatePhoto)
    await page.evaluate(source => window.editor.connected({ source, folder: '/inbox', isProgressWanted: true }), source)
    await flip(page)
    for (const apiAnswer of ['drop', 'redirect', 'server_error'] as const) {
      api.emulator.setFaults({ apiAnswer })
      await save(page)
      await page.waitForFunction(
        apiAnswer => window.editor.failures().length === { drop: 1, redirect: 2, server_error: 3 }[apiAnswer],
        apiAnswer,
      )
    }
    expect(await page.evaluate(() => window.editor.failures())).toMatchObject([
      { code: 'network' },
      { code: 'origin_not_allowed' },
      { code: 'server', status: 500 },
    ])
    expect(storedIn('/inbox')).toEqual([])
    await close()
  })

  it('with closeAfterSave: the stock editor is closed before the promise ends', async () => {
    const { page, close } = await open()
    const source = addressOf(api.origin, publicPhoto)
    await page.evaluate(source => window.editor.stock({ source, closeAfterSave: true }, 'hang'), source)
    await flip(page)
    await save(page)
    await happened(page, 'closed: after-saving')
    expect(await page.evaluate(() => window.editor.happened)).toEqual(['saving', 'closed: after-saving'])
    await close()
  })

  it('with closeAfterSave: the connection keeps the edited image when the editor is gone and released', async () => {
    const { page, seen, close } = await open()
    const source = await privatePicture(page, 'half.png', 'image/png')
    await page.evaluate(
      source => window.editor.connected({ source, folder: '/inbox' }, { closeAfterSave: true, unmountOnClose: true }),
      source,
    )
    await flip(page)
    api.emulator.setFaults({ apiAnswer: 'server_error' })
    await save(page)
    await happened(page, 'not saved')
    expect(await page.evaluate(() => [window.editor.happened[1], document.querySelector('.FIE_root')])).toEqual([
      'closed: after-saving',
      null,
    ])
    api.emulator.clearFaults()
    await page.getByRole('button', { name: 'Try again', exact: true }).click()
    await page.waitForFunction(() => window.editor.saved.length === 1)
    expect(await halves(page, '/inbox/half-edited.png')).toEqual(mirrored)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a design that was stored', () => {
  it('holds a blob URL in the stock editor, which wins over the source when it is loaded again', async () => {
    const { page, close } = await open()
    const source = addressOf(api.origin, privatePhoto)
    await page.evaluate(source => window.editor.stockElement(source, 'night-ridge.png'), source)
    await flip(page)
    await save(page)
    await happened(page, 'saving')
    const { imgSrc } = await page.evaluate(() => window.editor.stockImage())
    expect(imgSrc).toMatch(/^blob:/)
    await page.evaluate(() => window.editor.close())
    await page.evaluate(([source, imgSrc]) => window.editor.stockElement(source, 'night-ridge.png', { imgSrc }), [
      source,
      imgSrc ?? '',
    ] as const)
    await page.getByText('Error in loading the image').waitFor()
    await close()
  })

  it('is opened again later, private source and all: the edit is there, can be taken back, and saved again', async () => {
    const { page, seen, close } = await open()
    const source = await privatePicture(page, 'half.png', 'image/png')
    await page.evaluate(source => window.editor.connected({ source, folder: '/inbox' }), source)
    await flip(page)
    await save(page)
    await happened(page, 'saved')
    // As it comes out of a database.
    const design = await page.evaluate(() => JSON.stringify(window.editor.saved[0]?.design))
    expect(JSON.parse(design)).toMatchObject({ imgSrc: source, adjustments: { isFlippedX: true } })

    await page.reload()
    await ready(page, 'editor')
    await page.evaluate(design => window.editor.connected({ design: JSON.parse(design), folder: '/inbox' }), design)
    await page.getByText('Un-Flip X', { exact: true }).waitFor()
    expect(await save(page)).toBe('half-edited')
    await happened(page, 'saved')
    expect(storedIn('/inbox')).toMatchObject([{ path: '/inbox/half-edited.png', version: 2 }])
    expect(await halves(page, '/inbox/half-edited.png')).toEqual(mirrored)

    await page.getByText('Un-Flip X', { exact: true }).click()
    await page.getByText('Flip X', { exact: true }).waitFor()
    await save(page)
    await happened(page, 'saved', 2)
    expect(await halves(page, '/inbox/half-edited.png')).toEqual({ left: 'dark', right: 'light' })
    const again = await page.evaluate(() => JSON.stringify(window.editor.saved.at(-1)?.design))
    expect(JSON.parse(again)).toMatchObject({ imgSrc: source, adjustments: { isFlippedX: false } })
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a new version', () => {
  /** Saves the edit of `/spin-private/half.jpg` as a version of it. */
  async function saveVersion(page: Page) {
    const source = await privatePicture(page, 'half.jpg', 'image/jpeg')
    const before = storedIn('/spin-private').find(({ path }) => path.endsWith('half.jpg'))
    await page.evaluate(
      source => window.editor.connected({ source, folder: '/spin-private' }, { asVersion: true }),
      source,
    )
    await flip(page)
    return { source, before }
  }
  const saveAtOnce = (page: Page) => page.locator('.FIE_buttons-save-btn-button').click()
  const halfFiles = () => storedIn('/spin-private').filter(({ path }) => path.includes('half'))

  it('has the source’s name and type, and stays private, where the project makes versions of a name that is taken', async () => {
    const { page, close } = await open()
    const { before } = await saveVersion(page)
    await saveAtOnce(page)
    await happened(page, 'saved')
    expect(halfFiles()).toMatchObject([
      { path: '/spin-private/half.jpg', uuid: before?.uuid, version: 2, type: 'image/jpeg', visibility: 'private' },
    ])
    expect(await halves(page, '/spin-private/half.jpg')).toEqual(mirrored)
    await close()
  })

  it('replaces the file where the project overwrites', async () => {
    const { page, close } = await open()
    await saveVersion(page)
    api.emulator.setFaults({ nameClash: 'overwrite' })
    await saveAtOnce(page)
    await happened(page, 'saved')
    expect(halfFiles()).toMatchObject([{ path: '/spin-private/half.jpg', version: 1 }])
    expect(await halves(page, '/spin-private/half.jpg')).toEqual(mirrored)
    await close()
  })

  it('is an error that the user sees where the project refuses a name that is taken, and the file stays', async () => {
    const { page, close } = await open()
    const { before } = await saveVersion(page)
    api.emulator.setFaults({ nameClash: 'refuse' })
    await saveAtOnce(page)
    await happened(page, 'not saved')
    expect(await page.evaluate(() => window.editor.failures())).toMatchObject([{ code: 'server', status: 409 }])
    expect(await notice(page).isVisible()).toBe(true)
    expect(halfFiles()).toMatchObject([{ sha256: before?.sha256, version: 1 }])
    await close()
  })

  it('is another file, whose name the answer tells, where a service gives it another name', async () => {
    const { page, close } = await open()
    const { before } = await saveVersion(page)
    api.emulator.setFaults({ nameClash: 'rename' })
    await saveAtOnce(page)
    await happened(page, 'saved')
    expect(await page.evaluate(() => window.editor.saved[0]?.file['name'])).toBe('half_1.jpg')
    expect(halfFiles()).toMatchObject([{ sha256: before?.sha256 }, { path: '/spin-private/half_1.jpg' }])
    await close()
  })
})
