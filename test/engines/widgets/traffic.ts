import { expectSignedTraffic } from '../../traffic.ts'
import type { Tab } from '../drivers/browser.ts'
import type { Stage } from '../harness.ts'

/** Requests of one kind, without their preflights. */
export const sent = (stage: Stage, kind: string) =>
  stage.api.log.filter(entry => entry.kind === kind && entry.method !== 'OPTIONS')

/** As {@link expectSignedTraffic}, of what the page itself knows that it asked for. */
export async function expectCleanTraffic(stage: Stage, tab: Tab, urlsWithKey?: string[]): Promise<void> {
  const urls = await tab.run(() => performance.getEntriesByType('resource').map(({ name }) => name))
  expectSignedTraffic(
    stage.api,
    urls.filter(url => /^https?:/.test(url)),
    urlsWithKey,
  )
}
