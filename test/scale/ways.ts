import { buildServer, byEndpoint } from './endpoint.ts'
import { buildLibrary, byLibrary } from './library.ts'
import type { OpenWay } from './office.ts'
import { byPastedCode } from './pasted.ts'
import { buildVendor, byVendor } from './vendor.ts'

/** The ways that are compared, by the name that tables and the plot have for them. */
export const WAYS = ['this library', 'the vendor’s uploader', 'a pasted fetch', 'this library, own endpoint'] as const
export type WayName = (typeof WAYS)[number]

/** Bundles everything once. */
export async function buildWays(): Promise<Record<WayName, OpenWay>> {
  const [load, loadServer, loadVendor] = await Promise.all([buildLibrary(), buildServer(), buildVendor()])
  return {
    'this library': () => ({ openPage: byLibrary(load) }),
    'the vendor’s uploader': (_, timeline) => ({ openPage: byVendor(loadVendor, timeline) }),
    'a pasted fetch': () => ({ openPage: byPastedCode }),
    'this library, own endpoint': (service, timeline, seed) => byEndpoint(load, loadServer, service, timeline, seed),
  }
}
