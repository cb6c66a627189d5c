import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { SEED } from '../../demo/emulator/index.ts'
import { run } from './programs.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

it.each(['fresh-vite', 'fresh-webpack'])(
  '%s, an app as its tool makes it, is built with every entry of the package, and gets a key in a browser',
  async name => {
    const folder = join(inject('appsFolder'), name)
    await run(['npm', 'run', 'build'], folder)
    const options = JSON.stringify({ token: SEED.token, templateId: SEED.templateId, apiBase: stage.origin })
    const query = `?${new URLSearchParams({ options })}`
    // Vite serves any folder.
    const seen = await stage.serve(['npx', 'vite', 'preview', '--port', '0'], folder, query, async page => {
      await page.waitForFunction(() => document.body.textContent !== '')
      return page.textContent('body')
    })
    const shown = 'ready true function function function function'
    expect(seen).toEqual({ shown, keyRequests: ['200 without a key'], frames: [], errors: [] })
  },
)
