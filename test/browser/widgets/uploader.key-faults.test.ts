import { describe, expect, it } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { ready } from '../harness.ts'
import { uploaderStage } from './uploader-stage.ts'

// Each fault of the stock widget is shown once, to know that the test can see it, with the connected one beside it.
const at = uploaderStage()
const MINUTE_MS = 60_000

describe('a lifetime that the answer tells in seconds', () => {
  it('is taken for milliseconds by the stock widget: it asks until it is refused, and then never again', async () => {
    const { page, close } = await at.open()
    await page.clock.install()
    at.emulator.setFaults({ expireDurationInResponse: true })
    await page.evaluate(template => void window.bench.newCore({ securityTemplateId: template }), SEED.templateId)
    for (let requests = 1; requests <= 6; requests++) {
      await expect.poll(() => at.statuses('key').length).toBe(requests)
      // The answer has to arrive before its timer can be set.
      await expect.poll(() => at.log('key_info').length).toBeGreaterThanOrEqual(Math.min(requests, 5))
      await page.evaluate(() => new Promise(resolve => requestIdleCallback(resolve)))
      await page.clock.runFor(1300)
    }
    expect(at.statuses('key')).toEqual([200, 200, 200, 200, 200, 429])
    for (let minute = 0; minute < 5; minute++) await at.passTime(page, MINUTE_MS)
    expect(at.statuses('key')).toHaveLength(6)
    await close()
  })

  it('costs a connected one a single request', async () => {
    const { page, close } = await at.open()
    await page.clock.install()
    at.emulator.setFaults({ expireDurationInResponse: true })
    await page.evaluate(() => {
      const { newAuth, newCore, connect } = window.bench
      connect(newAuth(), newCore())
    })
    await expect.poll(() => page.evaluate(() => window.bench.told.ready)).toBe(1)
    for (let seconds = 0; seconds < 65; seconds += 5) await at.passTime(page, 5000)
    expect(at.statuses('key')).toEqual([200])
    await close()
  })
})

describe('a first key request that is refused for the limit', () => {
  /** Mounts the Explorer, as a site does. */
  const mount = (isConnected: boolean) =>
    at.open().then(async opened => {
      at.emulator.useUpMinute({ token: SEED.token, templateId: SEED.templateId })
      await opened.page.clock.install()
      await opened.page.evaluate(
        async ([isConnected, template]) => {
          const { bench } = window
          const Explorer = await bench.explorer()
          const core = bench.newCore(isConnected ? {} : { securityTemplateId: template })
          if (isConnected) bench.connect(bench.newAuth(), core)
          core.use(Explorer, {
            target: '#uploader',
            inline: true,
            width: '100%',
            height: '100%',
            config: { rootFolderPath: '/photos' },
            dismissUrlPathQueryUpdate: true,
          })
        },
        [isConnected, SEED.templateId] as const,
      )
      await expect.poll(() => at.statuses('key')).toEqual([429])
      return opened
    })

  it('leaves the stock widget without a key for good', async () => {
    const { page, close } = await mount(false)
    for (let minute = 0; minute < 5; minute++) await at.passTime(page, MINUTE_MS)
    expect(at.statuses('key')).toEqual([429])
    expect(at.log('list').filter(({ status }) => status === 200)).toEqual([])
    expect(await page.getByText('winter-dusk').count()).toBe(0)
    await close()
  })

  it('is told to the visitor of a connected one, which goes on when the key comes', async () => {
    const { page, seen, close } = await mount(true)
    await page.getByText('No access to the media library (rate_limited).').first().waitFor()
    await at.passTime(page, MINUTE_MS)
    await expect
      .poll(async () => {
        await page.clock.runFor(1000)
        return page.getByText('winter-dusk').count()
      })
      .toBeGreaterThan(0)
    await page.clock.runFor(1000)
    expect(await page.getByText('No access').filter({ visible: true }).count()).toBe(0)
    expect(at.statuses('key')).toEqual([429, 200])
    expect(at.log('list').filter(({ keyIn }) => keyIn !== 'header')).toEqual([])
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a key for every page load and every widget', () => {
  it('is asked for by the stock one', async () => {
    const { page, close } = await at.open()
    for (const load of [1, 2]) {
      await page.reload()
      await ready(page, 'bench')
      await page.evaluate(template => {
        window.bench.newCore({ securityTemplateId: template })
        window.bench.newCore({ securityTemplateId: template })
      }, SEED.templateId)
      await expect.poll(() => at.statuses('key').length).toBe(2 * load)
    }
    await close()
  })

  it('is one key in all for connected ones', async () => {
    const { page, close } = await at.open()
    for (const _ of [1, 2]) {
      await page.reload()
      await ready(page, 'bench')
      await page.evaluate(() => {
        const { newAuth, newCore, connect } = window.bench
        connect(newAuth(), newCore())
        connect(newAuth(), newCore())
      })
      await expect.poll(() => page.evaluate(() => window.bench.told.ready)).toBe(2)
    }
    expect(at.statuses('key')).toEqual([200])
    await close()
  })
})

describe('a new key for a core with the Explorer', () => {
  /** A core with the Explorer and a key; the next keys are given to it by `setOptions`. */
  const mountStock = async (page: Awaited<ReturnType<typeof at.open>>['page'], key: string) =>
    page.evaluate(async key => {
      const { bench } = window
      const Explorer = await bench.explorer()
      const core = bench.newCore({ sassKey: key })
      core.use(Explorer, { target: '#uploader', inline: true, dismissUrlPathQueryUpdate: true })
      bench.made.core = core
    }, key)
  const present = (page: Awaited<ReturnType<typeof at.open>>['page']) =>
    page.evaluate(
      () =>
        (window.bench.made.core.getGlobalState?.() as { Core: { user: { sassKey?: string } } } | undefined)?.Core.user
          .sassKey,
    )

  it('counts in the stock widget only when key/info has confirmed it, and an older one may take its place', async () => {
    const { page, close } = await at.open()
    const [first, second, third] = [await at.freshKey(), await at.freshKey(), await at.freshKey()]
    await mountStock(page, first)
    await expect.poll(() => present(page)).toBe(first)

    at.emulator.setFaults({ keyInfoAnswer: 'server_error' })
    await page.evaluate(key => window.bench.made.core.setOptions({ sassKey: key }), second)
    await expect.poll(() => at.statuses('key_info')).toContain(500)
    expect(await present(page)).toBe(first)

    at.emulator.setFaults({ keyInfoAnswer: 'normal', holdAnswers: 'key_info' })
    await page.evaluate(key => window.bench.made.core.setOptions({ sassKey: key }), first)
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    // What is held stays held; the next answer comes at once.
    at.emulator.setFaults({ holdAnswers: 'upload' })
    await page.evaluate(key => window.bench.made.core.setOptions({ sassKey: key }), third)
    await expect.poll(() => present(page)).toBe(third)
    at.emulator.release()
    await expect.poll(() => present(page)).toBe(first)
    await close()
  })

  it('counts at once when it is connected, without key/info, and stays whatever an older call says', async () => {
    const { page, seen, close } = await at.open()
    at.emulator.setFaults({ holdAnswers: 'key_info' })
    await page.evaluate(async () => {
      const { bench } = window
      const Explorer = await bench.explorer()
      const [auth, core] = [bench.newAuth(), bench.newCore()]
      bench.connect(auth, core)
      core.use(Explorer, { target: '#uploader', inline: true, dismissUrlPathQueryUpdate: true })
      Object.assign(bench.made, { auth, core })
    })
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    const renewed = await page.evaluate(async () => (await window.bench.made.auth.getKey({ forceRefresh: true })).value)
    expect(await present(page)).toBe(renewed)
    at.emulator.clearFaults()
    await expect.poll(() => page.evaluate(() => window.bench.told.ready)).toBe(1)
    expect(await present(page)).toBe(renewed)
    expect(await page.evaluate(() => window.bench.made.core.opts.sassKey)).toBe(renewed)
    expect(at.log('key_info')).toHaveLength(1)
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('the key in a URL', () => {
  it('is there for each key of the stock widget, and for the first one only when it is connected', async () => {
    const { page, close } = await at.open()
    await page.evaluate(async template => {
      const core = window.bench.newCore({ securityTemplateId: template })
      await core.generateUserKey()
      await core.generateUserKey()
    }, SEED.templateId)
    expect(at.log('key_info').length).toBeGreaterThanOrEqual(3)
    await close()

    const other = await at.open()
    await other.page.evaluate(async () => {
      const { newCore, newAuth, connect } = window.bench
      const [auth, core] = [newAuth(), newCore()]
      await new Promise<void>(onReady => connect(auth, core, { onReady }))
      await auth.getKey({ forceRefresh: true })
      await auth.getKey({ forceRefresh: true })
    })
    expect(at.log('key_info')).toHaveLength(1)
    expect(at.emulator.log.filter(({ keyIn, kind }) => keyIn === 'url' && kind !== 'preflight')).toHaveLength(1)
    await other.close()
  })
})
