import { afterAll, beforeAll } from 'vitest'
import { SEED } from '../../../demo/emulator/index.ts'
import { openStage, type Stage } from './stage.ts'

/** Opens the page with the uploader as it is published for each test, and reads what the emulator saw. */
export function uploaderStage() {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage('uploader', 'bench')
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
    open: () => stage.open(),
    log,
    statuses: (kind: string) => log(kind).map(({ status }) => status),
    /** How often each name was stored, in and below `/`. */
    stored: () => log('upload').filter(({ status }) => status === 200).length,
    /** Names and sizes in a folder. */
    files: (folder = '/') => stage.emulator.files(folder).filter(({ path }) => path.startsWith('/file-')),
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
