import type { Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { openStage, type Stage } from './stage.ts'

/** Opens the page with the uploader as it is published for each test, and reads what the emulator saw. */
export function uploaderStage() {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ drawAtStart: false })
  })
  afterAll(() => stage?.close())

  const log = (kind: string) => stage.emulator.log.filter(entry => entry.kind === kind && entry.method !== 'OPTIONS')
  return {
    get stage() {
      return stage
    },
    get emulator() {
      return stage.emulator
    },
    open: () => stage.open('uploader', 'bench'),
    log,
    statuses: (kind: string) => log(kind).map(({ status }) => status),
    /** How many files were stored, each version counted. */
    stored: () => log('upload').filter(({ status }) => status === 200).length,
    /** Those of `bench.upload` that were stored. */
    files: () => stage.emulator.files().filter(({ path }) => /\/file-\d+\.bin$/.test(path)),
    /** A key, as the site's own code might fetch one for the stock widget. */
    async freshKey(): Promise<string> {
      const response = await fetch(`${stage.api.origin}/${SEED.token}/key/${SEED.templateId}`)
      return ((await response.json()) as { key: string }).key
    },
    /** Time passes for the page and for the service. */
    async passTime(page: { clock: { fastForward(ms: number): Promise<void> } }, durationMs: number): Promise<void> {
      stage.emulator.setClock({ advanceMs: durationMs })
      await page.clock.fastForward(durationMs)
    },
  }
}

/** A connected core with XHRUpload that has its key, in `bench.made`. */
export const connectOne = (page: Page, uploadOptions: Record<string, unknown> = {}) =>
  page.evaluate(async uploadOptions => {
    const { bench } = window
    const [auth, core] = [bench.newAuth(), bench.newCore()]
    core.use(bench.XHRUpload, uploadOptions)
    await new Promise<void>(onReady => {
      Object.assign(bench.made, { auth, core, disconnect: bench.connect(auth, core, { onReady }) })
    })
  }, uploadOptions)

/** A connected core with the Explorer at once, whether a key is there or not. */
export const connectWithExplorer = (page: Page, folder = '/', explorerOptions: Record<string, unknown> = {}) =>
  page.evaluate(
    async ([folder, explorerOptions]) => {
      const { bench } = window
      const Explorer = await bench.explorer()
      const [auth, core] = [bench.newAuth({ maxWaitMs: 0 }), bench.newCore()]
      Object.assign(bench.made, { auth, core, disconnect: bench.connect(auth, core) })
      core.use(bench.XHRUpload).use(Explorer, {
        target: '#uploader',
        inline: true,
        width: '100%',
        height: '100%',
        config: { rootFolderPath: folder },
        dismissUrlPathQueryUpdate: true,
        ...explorerOptions,
      })
    },
    [folder, explorerOptions] as const,
  )
