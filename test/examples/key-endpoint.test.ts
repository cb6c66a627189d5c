import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { launchBrowser, newPage, type TestBrowser } from '../browser/harness.ts'
import { type RunningProgram, start } from './programs.ts'
import { openApi, PHOTOS } from './stage.ts'

const folderOf = (name: string) => join(inject('appsFolder'), name)

/** Starts an example with a local API. */
async function open(name: string) {
  const api = await openApi()
  const program: RunningProgram = start(['npm', 'run', 'dev'], folderOf(name), { ...api.settings, PORT: '0' })
  const close = async () => {
    await program.kill()
    await api.close()
  }
  try {
    const [, address] = await program.says(/Local: (\S+)/)
    return { api, program, address: address!, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Example = Awaited<ReturnType<typeof open>>

describe('the example key-endpoint-node', () => {
  let site: Example
  let browser: TestBrowser
  beforeAll(async () => {
    ;[site, browser] = await Promise.all([open('key-endpoint-node'), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const shows = (page: Page, key: string) => page.locator('output', { hasText: new RegExp(`^${key}$`) }).waitFor()

  it('gives one key to all who are signed in, in two browsers, and none before and after', async () => {
    for (const visitor of ['first', 'second']) {
      const { page, seen, close } = await newPage(browser)
      await page.goto(site.address)
      await shows(page, 'for signed-in visitors')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await shows(page, 'ready')
      await page
        .locator('li')
        .nth(PHOTOS.length - 1)
        .waitFor()
      expect(await page.locator('li').allTextContents(), visitor).toEqual(PHOTOS)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await shows(page, 'for signed-in visitors')
      expect(seen.errors).toEqual([])
      await close()
    }
    // It is the server's.
    expect(site.api.answers('key')).toEqual(['200 without a key'])
    expect(site.api.answers('list')).toEqual(['200 with the key', '200 with the key'])
    expect(site.program.output).not.toContain('SASS_')
  })

  it('answers no page of another origin, nobody who is not signed in, and nothing but GET', async () => {
    const { page, close } = await newPage(browser)
    await page.goto(site.api.origin)
    const seen = await page.evaluate(
      url =>
        fetch(url).then(
          () => 'read',
          () => 'not read',
        ),
      `${site.address}/key`,
    )
    expect(seen).toBe('not read')
    await close()
    const status = async (init: RequestInit) => (await fetch(`${site.address}/key`, init)).status
    expect(await status({ headers: { 'Sec-Fetch-Site': 'cross-site' } })).toBe(403)
    expect(await status({ headers: { Cookie: 'session=made-up' } })).toBe(401)
    expect(await status({ method: 'POST' })).toBe(405)
  })
})

describe("the example key-endpoint-edge, in Cloudflare's own runtime", () => {
  let worker: Example
  beforeEach(async () => {
    worker = await open('key-endpoint-edge')
  })
  afterEach(() => worker?.close())

  const ask = async () => {
    const answer = await fetch(worker.address)
    return [answer.status, ((await answer.json()) as { key?: string }).key] as const
  }
  const keyRequests = () => worker.api.emulator.log.filter(({ kind }) => kind === 'key').map(({ status }) => status)

  it('answers a hundred visitors at once with one key, by one key request', async () => {
    worker.api.emulator.setFaults({ holdAnswers: 'key' })
    const answers = Promise.all(Array.from({ length: 100 }, ask))
    await expect.poll(() => worker.api.emulator.heldAnswers, { timeout: 30_000 }).toBe(1)
    worker.api.emulator.setFaults({ holdAnswers: 'none' })
    expectOneKey(await answers)
    expect(keyRequests()).toEqual([200])
    expect(worker.program.output).not.toContain('SASS_')
  })

  it('goes on for the others when the visitor who began has left', async () => {
    const { answers, leave } = await manyBehindOne()
    leave()
    worker.api.emulator.setFaults({ holdAnswers: 'none' })
    expectOneKey(await answers)
    expect(keyRequests()).toEqual([200])
  })

  it('is asked for once more by one of the others where the platform could not be told to go on', async () => {
    await worker.close()
    const folder = folderOf('key-endpoint-edge-without-context')
    cpSync(folderOf('key-endpoint-edge'), folder, { recursive: true })
    // npm wants each workspace to have a name of its own.
    replace(join(folder, 'package.json'), 'at-the-edge', 'without-context')
    replace(join(folder, 'worker.js'), 'handleKey(request, context)', 'handleKey(request)')
    worker = await open('key-endpoint-edge-without-context')

    const { answers, leave } = await manyBehindOne()
    leave()
    // The runtime has ended the key request with its visitor.
    await expect.poll(keyRequests, { timeout: 30_000 }).toEqual([0])
    worker.api.emulator.setFaults({ holdAnswers: 'none' })
    expectOneKey(await answers)
    expect(keyRequests()).toEqual([0, 200])
  })

  /** Fifty visitors who wait for the key request that another one has begun. */
  async function manyBehindOne() {
    worker.api.emulator.setFaults({ holdAnswers: 'key' })
    const { hostname, port } = new URL(worker.address)
    const first = connect(Number(port), hostname)
    first.write(`GET /key HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
    await expect.poll(() => worker.api.emulator.heldAnswers, { timeout: 30_000 }).toBe(1)
    const answers = Promise.all(Array.from({ length: 50 }, ask))
    // A reset, as of a browser that was closed: of a mere end the runtime takes no notice.
    return { answers, leave: () => first.resetAndDestroy() }
  }
})

function replace(file: string, words: string, others: string): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(words)
  writeFileSync(file, text.replace(words, others))
}

function expectOneKey(answers: (readonly [status: number, key: string | undefined])[]): void {
  expect(answers[0]).toEqual([200, expect.stringMatching(/^SASS_/)])
  expect(new Set(answers.map(([, key]) => key)).size).toBe(1)
}
