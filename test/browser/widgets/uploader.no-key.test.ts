import { describe, expect, it } from 'vitest'
import { startEmulator } from '../../../demo/emulator/index.ts'
import { connectOne, connectWithExplorer, uploaderStage } from './uploader-stage.ts'

const at = uploaderStage()

describe('a key that comes late', () => {
  it('leaves the Explorer loading, and the list is there when it comes', async () => {
    const { page, seen, close } = await at.open()
    at.emulator.setFaults({ holdAnswers: 'key' })
    await connectWithExplorer(page, '/photos')
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    await page.getByText('Loading').first().waitFor()
    expect(at.log('list')).toEqual([])
    at.emulator.clearFaults()
    await page.getByText('winter-dusk').first().waitFor()
    expect(at.log('list').filter(({ keyIn }) => keyIn !== 'header')).toEqual([])
    expect(await page.evaluate(() => window.bench.told.ready)).toBe(1)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a key that does not come', () => {
  it('is said in words, for a list and for an upload, and both go on when it comes', async () => {
    const { page, seen, close } = await at.open()
    await page.clock.install()
    at.emulator.setFaults({ validitySeconds: 60 })
    await connectWithExplorer(page, '/photos')
    await page.getByText('winter-dusk').first().waitFor()
    at.emulator.setFaults({ keyAnswer: 'server_error' })
    await at.passTime(page, 61_000)
    await page.getByText('No access to the media library (server).').first().waitFor()
    const told = await page.evaluate(async () => {
      const { upload, told, made } = window.bench
      await upload(made.core, 1, 10)
      return told
    })
    expect(told.errors).toEqual([expect.stringContaining('No access to the media library (server)')])
    expect(at.statuses('upload')).toEqual([])
    const listed = at.log('list').length

    at.emulator.clearFaults()
    await expect
      .poll(async () => {
        await at.passTime(page, 5000)
        return at.statuses('key').at(-1)
      })
      .toBe(200)
    await page.evaluate(() => window.bench.upload(window.bench.made.core, 1, 10))
    expect(at.files()).toHaveLength(1)
    await page.clock.runFor(2000)
    expect(await page.getByText('No access').filter({ visible: true }).count()).toBe(0)
    expect(at.log('list').length).toBeGreaterThanOrEqual(listed)
    expect(seen.errors).toEqual([])
    await close()
  })

  it('is not replaced by an unsigned request', async () => {
    const { page, close } = await at.open()
    at.emulator.setFaults({ keyAnswer: 'template_rejected' })
    await connectWithExplorer(page, '/photos')
    await page.getByText('No access to the media library (template_rejected).').first().waitFor()
    const sent = at.emulator.log.filter(
      ({ kind, method }) => ['list', 'upload', 'api'].includes(kind) && method !== 'OPTIONS',
    )
    // The administration's constants are nobody's secret.
    expect(sent.map(({ path }) => path).filter(path => !path.startsWith('/public/'))).toEqual([])
    await close()
  })

  it('does not go to an endpoint that is not allowed, and says which origin to add', async () => {
    const { page, close } = await at.open()
    const other = await startEmulator({ drawAtStart: false })
    const said = await page.evaluate(
      origin =>
        new Promise(resolve => {
          const { newAuth, newCore, connect, XHRUpload } = window.bench
          const core = newCore({ apiEndpoint: origin })
          core.use(XHRUpload)
          connect(newAuth(), core, { onError: ({ code, message }) => resolve([code, message]) })
        }),
      other.origin,
    )
    expect(said).toEqual(['origin_not_allowed', `add ${other.origin} to allowedOrigins`])
    expect(other.emulator.log.filter(({ keyIn }) => keyIn !== 'none')).toEqual([])
    await other.close()
    await close()
  })
})

describe('key/info that does not answer as it should', () => {
  it.each(['server_error', 'html', 'drop'] as const)('with %s: files are sent all the same', async keyInfoAnswer => {
    const { page, seen, close } = await at.open()
    at.emulator.setFaults({ keyInfoAnswer })
    await connectOne(page)
    const told = await page.evaluate(async () => {
      await window.bench.upload(window.bench.made.core, 1, 10)
      return window.bench.told
    })
    expect(told.uploads).toEqual(['success file-01.bin'])
    expect(told.events.filter(({ type }) => type === 'widget_degraded')).toMatchObject([
      { widget: 'uploader', missing: 'key/info' },
    ])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('with a key that has just expired: files are sent all the same, with a new one', async () => {
    const { page, close } = await at.open()
    await page.evaluate(() => window.bench.newAuth().getKey())
    at.emulator.expireKeys()
    await connectOne(page)
    await page.evaluate(() => window.bench.upload(window.bench.made.core, 1, 10))
    expect(at.statuses('key_info')).toEqual([403])
    expect(at.statuses('upload')).toEqual([403, 200])
    expect(at.statuses('key')).toEqual([200, 200])
    await close()
  })
})
