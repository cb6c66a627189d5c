import { describe, expect, it } from 'vitest'
import { uploaderStage } from './uploader-stage.ts'

// Each fault of the stock widget is shown once, to know that the test can see it, with the connected one beside it.
const at = uploaderStage()

describe('an XHRUpload that is built after the first key', () => {
  it('sends that key for ever in the stock widget', async () => {
    const { page, close } = await at.open()
    const [first, second] = [await at.freshKey(), await at.freshKey()]
    const told = await page.evaluate(
      async ([first, second]) => {
        const { newCore, XHRUpload, upload, told } = window.bench
        const core = newCore({ sassKey: first })
        await core.initUserAuthState(first!)
        core.use(XHRUpload)
        core.setOptions({ sassKey: second! })
        await upload(core, 1, 10)
        return told.uploads
      },
      [first, second],
    )
    expect(told).toEqual(['success file-01.bin'])
    const [sent] = at.log('upload')
    const used = at.log('key_info').map(({ keyLabel }) => keyLabel)
    expect(sent?.keyLabel).toBe(used[0])
    await close()
  })

  it('sends the present one when it is connected', async () => {
    const { page, close } = await at.open()
    await page.evaluate(async () => {
      const { newCore, newAuth, connect, XHRUpload, upload, told } = window.bench
      const [auth, core] = [newAuth(), newCore()]
      await auth.getKey()
      await new Promise<void>(onReady => connect(auth, core, { onReady }))
      core.use(XHRUpload)
      await auth.getKey({ forceRefresh: true })
      await upload(core, 1, 10)
      return told.uploads
    })
    const [sent] = at.log('upload')
    expect(sent?.status).toBe(200)
    expect(sent?.keyLabel).not.toBe(at.log('key_info')[0]?.keyLabel)
    expect(at.statuses('key')).toEqual([200, 200])
    await close()
  })
})

describe('twelve files with a key of two seconds, two at a time', () => {
  const slow = { validitySeconds: 2, uploadBytesPerSecond: 100_000 }

  it('are mostly refused in the stock widget, as all get the key of the beginning', async () => {
    const { page, close } = await at.open()
    at.emulator.setFaults(slow)
    const key = await at.freshKey()
    await page.evaluate(async key => {
      const { newCore, XHRUpload, upload } = window.bench
      const core = newCore({ sassKey: key })
      await core.initUserAuthState(key)
      core.use(XHRUpload, { limit: 2 })
      await upload(core, 12, 70_000)
    }, key)
    const statuses = at.statuses('upload')
    expect(statuses).toHaveLength(12)
    expect(statuses.filter(status => status === 403).length).toBeGreaterThan(2)
    await close()
  })

  it('are stored once each when it is connected', async () => {
    const { page, seen, close } = await at.open()
    at.emulator.setFaults(slow)
    const told = await page.evaluate(async () => {
      const { newCore, newAuth, connect, XHRUpload, upload, told } = window.bench
      const core = newCore()
      core.use(XHRUpload, { limit: 2 })
      await new Promise<void>(onReady => connect(newAuth(), core, { onReady }))
      await upload(core, 12, 70_000)
      return told
    })
    expect(at.stored()).toBe(12)
    expect(at.files()).toHaveLength(12)
    expect(told.uploads.filter(words => words.startsWith('success'))).toHaveLength(12)
    expect(told.errors).toEqual([])
    expect(at.statuses('key').filter(status => status !== 200)).toEqual([])
    expect(seen.errors).toEqual([])
    await close()
  })
})

describe('a site that calls retryUpload when an upload fails', () => {
  type Page = Awaited<ReturnType<typeof at.open>>['page']

  /** Sends three files, one after the other; the third meets `trouble` and is tried again after `end`. */
  const sendThree = async (page: Page, key: string | undefined, trouble: () => void, end = () => {}) => {
    at.emulator.setFaults({ holdAnswers: 'upload' })
    await page.evaluate(async key => {
      const { bench } = window
      const core = bench.newCore(key ? { sassKey: key } : {})
      if (key) await core.initUserAuthState(key)
      core.use(bench.XHRUpload, { limit: 1 })
      if (!key) await new Promise<void>(onReady => bench.connect(bench.newAuth(), core, { onReady }))
      core.on('upload-error', (file: { id: string }) => void core.retryUpload(file.id))
      bench.made.done = bench.upload(core, 3, 1000)
    }, key)
    await expect.poll(() => at.emulator.heldAnswers).toBe(1)
    at.emulator.release()
    await expect.poll(() => [at.emulator.heldAnswers, at.statuses('upload').length]).toEqual([1, 1])
    trouble()
    at.emulator.release()
    await expect.poll(() => [at.emulator.heldAnswers, at.statuses('upload').length]).toEqual([1, 2])
    end()
    at.emulator.setFaults({ holdAnswers: 'none' })
  }
  const fail = () => at.emulator.setFaults({ uploadAnswer: 'server_error' })
  const mend = () => at.emulator.setFaults({ uploadAnswer: 'normal' })

  it('has the stock widget send the whole batch again: three files are stored five times', async () => {
    const { page, close } = await at.open()
    await sendThree(page, await at.freshKey(), fail, mend)
    await expect.poll(() => at.stored()).toBe(5)
    expect(at.files()).toHaveLength(3)
    await close()
  })

  it('has a connected one send what failed, and nothing else', async () => {
    const { page, seen, close } = await at.open()
    await sendThree(page, undefined, fail, mend)
    await expect.poll(() => at.stored()).toBe(3)
    await page.evaluate(() => window.bench.made.done)
    expect(at.statuses('upload')).toEqual([200, 200, 500, 200])
    expect(await page.evaluate(() => window.bench.told.uploads)).toEqual([
      'success file-01.bin',
      'success file-02.bin',
      'error file-03.bin',
      'success file-03.bin',
    ])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('is not asked to when it is connected and a key has expired', async () => {
    const { page, close } = await at.open()
    await sendThree(page, undefined, () => at.emulator.expireKeys())
    await page.evaluate(() => window.bench.made.done)
    expect(at.statuses('upload')).toEqual([200, 200, 403, 200])
    expect(await page.evaluate(() => [window.bench.told.uploads.length, window.bench.told.errors])).toEqual([3, []])
    expect(at.files()).toHaveLength(3)
    await close()
  })
})

describe('a key that is refused for ever', () => {
  // Judged when the file is there, a key of one second is always over.
  const hopeless = {
    validitySeconds: 1,
    claimsInKey: false,
    keyJudgedAt: 'end',
    uploadBytesPerSecond: 100_000,
  } as const

  it('counts as a success in `complete` of the stock widget', async () => {
    const { page, close } = await at.open()
    at.emulator.setFaults(hopeless)
    const told = await page.evaluate(
      async key => {
        const { newCore, XHRUpload, upload, told } = window.bench
        const core = newCore({ sassKey: key })
        await core.initUserAuthState(key)
        core.use(XHRUpload)
        await upload(core, 1, 150_000)
        return told
      },
      await at.freshKey(),
    )
    expect(told.uploads).toEqual(['error file-01.bin'])
    expect(told.completed).toEqual([{ successful: 1, failed: 0 }])
    expect(at.files()).toEqual([])
    await close()
  })

  it('ends after two tries with one error when it is connected, and `complete` says that it failed', async () => {
    const { page, seen, close } = await at.open()
    at.emulator.setFaults(hopeless)
    const told = await page.evaluate(async () => {
      const { newCore, newAuth, connect, XHRUpload, upload, told } = window.bench
      const core = newCore()
      core.use(XHRUpload)
      await new Promise<void>(onReady => connect(newAuth(), core, { onReady }))
      await upload(core, 1, 150_000)
      return told
    })
    expect(at.statuses('upload')).toEqual([403, 403])
    expect(told.uploads).toEqual(['error file-01.bin'])
    expect(told.completed).toEqual([{ successful: 0, failed: 1 }])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('is sent once when it is the folder that is forbidden, and not the key that is over', async () => {
    const { page, close } = await at.open()
    at.emulator.setFaults({ uploadAnswer: 'forbidden' })
    const told = await page.evaluate(async () => {
      const { newCore, newAuth, connect, XHRUpload, upload, told } = window.bench
      const core = newCore()
      core.use(XHRUpload)
      await new Promise<void>(onReady => connect(newAuth(), core, { onReady }))
      await upload(core, 1, 10)
      return told
    })
    expect(at.statuses('upload')).toEqual([403])
    expect([told.uploads, told.completed]).toEqual([['error file-01.bin'], [{ successful: 0, failed: 1 }]])
    expect(at.statuses('key')).toEqual([200])
    await close()
  })
})

describe("a gateway's page in place of an answer", () => {
  const sendOne = async (isConnected: boolean) => {
    const opened = await at.open()
    at.emulator.setFaults({ uploadAnswer: 'html' })
    const key = isConnected ? undefined : await at.freshKey()
    await opened.page.evaluate(async key => {
      const { bench } = window
      const core = bench.newCore(key ? { sassKey: key } : {})
      if (key) await core.initUserAuthState(key)
      core.use(bench.XHRUpload)
      if (!key) await new Promise<void>(onReady => bench.connect(bench.newAuth(), core, { onReady }))
      bench.made.done = bench.upload(core, 1, 10).then(() => bench.told.uploads.push('settled'))
    }, key)
    await expect.poll(() => at.statuses('upload')).toEqual([502])
    return opened
  }

  it('throws in the stock widget, and the upload never ends', async () => {
    const { page, seen, close } = await sendOne(false)
    await expect.poll(() => seen.errors.join()).toContain('is not valid JSON')
    expect(await page.evaluate(() => window.bench.told.uploads)).toEqual([])
    await close()
  })

  it('is an error in words when it is connected', async () => {
    const { page, seen, close } = await sendOne(true)
    await page.evaluate(() => window.bench.made.done)
    expect(await page.evaluate(() => window.bench.told.uploads)).toEqual(['error file-01.bin', 'settled'])
    expect(await page.evaluate(() => window.bench.told.errors)).toEqual(['The media library failed (502)'])
    expect(seen.errors).toEqual([])
    await close()
  })
})
