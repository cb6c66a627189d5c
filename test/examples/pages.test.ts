import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { run } from './programs.ts'
import { type Answer, openStage, PHOTOS, type Stage } from './stage.ts'

const folderOf = (name: string) => join(inject('appsFolder'), name)

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const examples = [
  { name: 'vanilla', serve: 'preview', heading: 'Filerobot with a script tag', frameCount: 0 },
  { name: 'vue', serve: 'preview', heading: 'Filerobot with Vue', frameCount: 36 },
  { name: 'svelte', serve: 'preview', heading: 'Filerobot with Svelte', frameCount: 36 },
  { name: 'next', serve: 'start', heading: 'Filerobot with Next', frameCount: 36 },
]
type Example = (typeof examples)[number]

/** Starts an example by a script of its own, and returns what its page shows once the API was asked for everything. */
function shownBy({ name, frameCount }: Example, script: string) {
  return stage.serve(['npm', 'run', script, '--', '--port', '0'], folderOf(name), '', async page => {
    await page.locator('output', { hasText: /^ready$/ }).waitFor()
    await page
      .locator('li')
      .nth(PHOTOS.length - 1)
      .waitFor()
    if (frameCount > 0) await page.locator('canvas').first().waitFor()
    await expect.poll(() => stage.answers('delivery').length, { timeout: 30_000 }).toBe(frameCount)
    return { heading: await page.locator('h1').textContent(), files: await page.locator('li').allTextContents() }
  })
}

/** Six files, 36 private frames each fetched with the key, one key request for all, and nothing that goes wrong. */
const promised = ({ heading, frameCount }: Example) => ({
  shown: { heading, files: PHOTOS },
  keyRequests: ['200 without a key'],
  frames: Array<Answer>(frameCount).fill('200 with the key'),
  errors: [],
})

describe.each(examples)('the example $name', example => {
  it('is built by its own command, and then lists files and shows its widget, with one key request', async () => {
    await run(['npm', 'run', 'build'], folderOf(example.name), stage.settings)
    expect(await shownBy(example, example.serve)).toEqual(promised(example))
  })

  it('does the same while it is developed', async () => {
    expect(await shownBy(example, 'dev')).toEqual(promised(example))
  })
})

describe('"use client" at the beginning of the packed react.js', () => {
  it('is what lets a server component render the provider: without it the same app is not built', async () => {
    const folder = folderOf('next-without-use-client')
    cpSync(folderOf('next'), folder, { recursive: true, filter: path => !path.includes('.next') })
    const manifest = join(folder, 'package.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('with-next', 'without-use-client'))
    const library = 'node_modules/filerobot-widget-auth'
    cpSync(folderOf(library), join(folder, library), { recursive: true })
    const entry = join(folder, library, 'dist/react.js')
    const code = readFileSync(entry, 'utf8')
    expect(code).toMatch(/^(["'])use client\1/)
    writeFileSync(entry, code.replace(/^.*\n/, ''))
    await expect(run(['npm', 'run', 'build'], folder, stage.settings)).rejects.toThrow('createContext')
  })
})
