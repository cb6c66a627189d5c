import { type Api, type Kept, keyUrl } from './peer.ts'

// What people paste: a variable, a fetch and a timer, with an error seen to, once for a page.
let key = ''
let first: Promise<void> | undefined

async function refresh(api: Api): Promise<void> {
  try {
    const response = await fetch(keyUrl(api))
    const body = (await response.json()) as { status: string; key: string; msg?: string }
    if (body.status !== 'success') throw new Error(body.msg)
    key = body.key
    setTimeout(() => void refresh(api), 19 * 60_000)
  } catch {
    setTimeout(() => void refresh(api), 30_000)
  }
}

export function start(api: Api): Kept {
  first ??= refresh(api)
  return {
    async getKey() {
      await first
      return key
    },
  }
}
