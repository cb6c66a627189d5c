import { describe, expect, it } from 'vitest'
import { connectOne, connectWithExplorer, uploaderStage } from './uploader-stage.ts'

const at = uploaderStage()

describe('a key that expires in mid-session', () => {
  it.each([
    ['as the headers of the request arrive', 'headers', [200]],
    ['when all of it is there', 'end', [403, 200]],
  ] as const)('stores a file of 200 MB once, where the service judges %s', async (_, keyJudgedAt, statuses) => {
    const { page, close } = await at.open()
    at.emulator.setFaults({ uploadBytesPerSecond: 50_000_000, keyJudgedAt })
    await connectOne(page)
    const uploaded = page.evaluate(async () => {
      const { upload, told, made } = window.bench
      let file: Blob | undefined
      made.core.on('upload-success', ({ data }: { data: Blob }) => (file = data))
      await upload(made.core, 1, 200_000_000)
      const hash = await crypto.subtle.digest('SHA-256', await file!.arrayBuffer())
      const sent = Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('')
      return { sent, progress: told.progress }
    })
    // The key is over while the file is on its way.
    await page.waitForFunction(() => window.bench.told.progress.some(share => share > 0 && share < 1))
    at.emulator.expireKeys()
    const { sent, progress } = await uploaded
    expect(at.statuses('upload')).toEqual(statuses)
    expect(at.files()).toMatchObject([{ sizeBytes: 200_000_000, sha256: sent }])
    expect(at.emulator.counters.uploads).toBe(1)
    // Progress still shows.
    expect(progress.length).toBeGreaterThan(2)
    expect(progress.at(-1)).toBe(1)
    await close()
  })

  it('lists the next folder of the Explorer, and the visitor sees nothing of it', async () => {
    const { page, seen, close } = await at.open()
    await connectWithExplorer(page)
    await page.getByText('photos').first().waitFor()
    const before = at.log('list').length
    at.emulator.expireKeys()
    await page.getByText('photos').first().dblclick()
    await page.getByText('winter-dusk').first().waitFor()
    const later = at.log('list').slice(before)
    expect(later.map(({ status }) => status)).toContain(403)
    expect(at.statuses('key')).toEqual([200, 200])
    expect(await page.getByText(/expired|no access/i).count()).toBe(0)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('files that wait for their turn', () => {
  it('are not sent when they were removed or cancelled meanwhile', async () => {
    const { page, seen, close } = await at.open()
    await connectOne(page, { limit: 1 })
    at.emulator.setFaults({ holdAnswers: 'upload' })
    await page.evaluate(() => {
      const { bench } = window
      bench.made.core.on('upload-started', ({ id }: { id: string }) => bench.told.started.push(id))
      bench.made.core.on('upload', ({ filesIds }: { filesIds: string[] }) => bench.told.batch.push(...filesIds))
      bench.made.done = bench.upload(bench.made.core, 4, 10).catch(() => {})
    })
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    await page.evaluate(() => {
      const { made, told } = window.bench
      made.core.removeFile(told.batch[1]!)
    })
    at.emulator.release()
    await expect.poll(() => [at.emulator.heldAnswers, at.statuses('upload').length]).toEqual([1, 1])
    // The second was removed, the third is under way, the fourth waits.
    await page.evaluate(() => window.bench.made.core.cancelUploads())
    at.emulator.setFaults({ holdAnswers: 'none' })
    await page.evaluate(() => window.bench.upload(window.bench.made.core, 1, 10))
    const { batch, started, errors } = await page.evaluate(() => window.bench.told)
    // A file of the first one's name has its identifier.
    expect(started.map(id => batch.indexOf(id))).toEqual([0, 2, 0])
    expect(errors).toEqual([])
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a hidden tab', () => {
  it('keeps its key good while it uploads, and not any longer', async () => {
    const { page, close } = await at.open()
    await page.clock.install()
    at.emulator.setFaults({ validitySeconds: 120 })
    // The plugin itself gives up what makes no progress for a minute.
    await connectOne(page, { timeout: 0 })
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    at.emulator.setFaults({ holdAnswers: 'upload' })
    await page.evaluate(() => {
      window.bench.made.done = window.bench.upload(window.bench.made.core, 1, 10)
    })
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    await expect
      .poll(
        async () => {
          await at.passTime(page, 10_000)
          return at.statuses('key').length
        },
        { timeout: 20_000 },
      )
      .toBe(2)
    at.emulator.setFaults({ holdAnswers: 'none' })
    await page.evaluate(() => window.bench.made.done)
    for (let step = 1; step <= 8; step++) await at.passTime(page, 30_000)
    expect(at.statuses('key')).toHaveLength(2)
    await close()
  })
})

describe('what the uploader reads its key from', () => {
  it('is in step: its option, its store, its headers, and its own renewer is off', async () => {
    const { page, close } = await at.open()
    await page.evaluate(async () => {
      const { bench } = window
      const [auth, core] = [bench.newAuth(), bench.newCore({ sassKeyRenewerEnabled: true })]
      core.use(bench.XHRUpload, { headers: bench.uploaderHeaders(auth) })
      await new Promise<void>(onReady => bench.connect(auth, core, { onReady }))
      Object.assign(bench.made, { auth, core })
    })
    for (let renewal = 0; renewal < 2; renewal++) {
      const keys = await page.evaluate(async () => {
        const { auth, core } = window.bench.made
        const { value } = await auth.getKey({ forceRefresh: true })
        const state = core.getGlobalState?.() as { Core: { user: { sassKey: string } } }
        let header: string | undefined
        core.iteratePlugins?.(plugin => {
          header = plugin.opts?.headers?.['X-Filerobot-Key']
        })
        return new Set([value, core.opts.sassKey, state.Core.user.sassKey, header]).size
      })
      expect(keys).toBe(1)
    }
    expect(await page.evaluate(() => window.bench.made.core.opts.sassKeyRenewerEnabled)).toBe(false)
    expect(at.emulator.log.filter(({ path }) => path.includes('renew'))).toEqual([])
    await close()
  })

  it('gives the present key to an asset picker within it', async () => {
    const { page, close } = await at.open()
    // The picker's core is always at the service's own address.
    const asked: string[] = []
    await page.route('https://api.filerobot.com/**', route => {
      asked.push(new URL(route.request().url()).searchParams.get('key') ?? '')
      return route.fulfill({
        json: { status: 'success', is_validate: true },
        headers: { 'Access-Control-Allow-Origin': '*' },
      })
    })
    await connectWithExplorer(page, '/inbox', { showImportFromDamButton: true })
    await page.evaluate(() => window.bench.made.core.use(window.bench.Shelf) && undefined)
    await page.locator('#uploader').getByTestId('topbar-upload-btn').click()
    const button = page.getByText('DAM', { exact: true }).first()
    await button.waitFor()
    const renewed = await page.evaluate(async () => (await window.bench.made.auth.getKey({ forceRefresh: true })).value)
    await button.click()
    await expect.poll(() => asked.filter(Boolean)).toEqual([renewed])
    await close()
  })
})
