import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../../../src/errors.ts'
import type { Auth } from '../../../../src/types.ts'
import { connectSpin } from '../../../../src/widgets/index.ts'

const apiBase = 'https://api.example'
const token = 'fusqadtm'

/**
 * An auth that answers by path; `log` has the requests, `most` how many were under way at once, `lease` who keeps the key
 * good.
 */
function answering(answer: (url: URL) => Response | Promise<Response>) {
  const log: string[] = []
  const load = { now: 0, most: 0 }
  const lease = { now: 0, begun: 0 }
  const subscribe = (_: unknown, isLease?: boolean) => {
    if (!isLease) throw new Error('A load wants a lease')
    lease.begun++
    lease.now++
    return () => void lease.now--
  }
  const fetch = async (input: unknown) => {
    log.push(String(input))
    load.most = Math.max(load.most, ++load.now)
    await new Promise(resolve => setTimeout(resolve))
    load.now -= 1
    return answer(new URL(String(input)))
  }
  return { auth: { fetch, subscribe } as unknown as Auth, log, load, lease }
}

const file = (name: string, visibility = 'private') => ({ name, visibility, url: { cdn: `${apiBase}/cdn/${name}` } })
const listing = (files: unknown[], total = files.length) =>
  new Response(JSON.stringify({ status: 'success', files, info: { total_files_count: total } }))
const names = Array.from({ length: 36 }, (_, i) => `gem-${36 - i}.png`)

describe('frames from a private folder', () => {
  let live: Set<string>
  beforeEach(() => {
    live = new Set()
    let made = 0
    vi.spyOn(URL, 'createObjectURL').mockImplementation(blob => {
      const url = `blob:${(blob as Blob).size}:${++made}`
      live.add(url)
      return url
    })
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(url => void live.delete(url))
  })
  afterEach(() => vi.restoreAllMocks())

  it('come as blob URLs that end in "#", in natural order, six at a time at most', async () => {
    const { auth, log, load } = answering(({ pathname }) =>
      pathname.startsWith('/cdn/')
        ? // As many bytes as its number, to tell it by.
          new Response(new Uint8Array(Number(/\d+/.exec(pathname)?.[0])))
        : listing(names.map(name => file(name))),
    )
    const { imageListX, imageListY, release } = await connectSpin(auth, { apiBase, token, folder: '/spin' })
    expect(imageListX.map(url => Number(url.split(':')[1]))).toEqual(names.map((_, i) => i + 1))
    expect(imageListX.every(url => url.endsWith('#'))).toBe(true)
    expect(imageListY).toBeUndefined()
    expect(load.most).toBe(6)
    expect(log).toHaveLength(37)
    expect(live.size).toBe(36)
    release()
    expect(live.size).toBe(0)
  })

  it('are listed to the end where the service sends fewer at a time', async () => {
    const { auth, log } = answering(({ pathname, searchParams }) => {
      if (pathname.startsWith('/cdn/')) return new Response('x')
      const offset = Number(searchParams.get('offset'))
      return listing(
        names.slice(offset, offset + 10).map(name => file(name)),
        36,
      )
    })
    const { imageListX } = await connectSpin(auth, { apiBase, token, folder: '/spin' })
    expect(imageListX).toHaveLength(36)
    expect(log.filter(url => url.includes('/v4/files?folder=%2Fspin&offset='))).toHaveLength(4)
  })

  it('make two axes where names tell them apart', async () => {
    const { auth } = answering(({ pathname }) =>
      pathname.startsWith('/cdn/')
        ? new Response('x')
        : listing(['x1.png', 'y1.png', 'x2.png'].map(name => file(name))),
    )
    const spin = await connectSpin(auth, { apiBase, token, folder: '/', namesX: /^x/, namesY: /^y/ })
    expect([spin.imageListX.length, spin.imageListY?.length]).toEqual([2, 1])
  })

  it('keep the plain URL of a later frame that is missing, which the viewer then reports', async () => {
    const { auth } = answering(({ pathname }) => {
      if (pathname.endsWith('gem-2.png')) return new Response(null, { status: 404 })
      return pathname.startsWith('/cdn/') ? new Response('x') : listing(names.map(name => file(name)))
    })
    const { imageListX } = await connectSpin(auth, { apiBase, token, folder: '/spin' })
    expect(imageListX.filter(url => !url.startsWith('blob:'))).toEqual([`${apiBase}/cdn/gem-2.png`])
  })

  it('go on without a later frame whose connection fails, but not without a key', async () => {
    const failing = (retryAtMs?: number) =>
      answering(({ pathname }) => {
        if (pathname.endsWith('gem-9.png')) throw new AuthError('network', 'network', { retryAtMs })
        return pathname.startsWith('/cdn/') ? new Response('x') : listing(names.map(name => file(name)))
      }).auth
    const { imageListX, release } = await connectSpin(failing(), { apiBase, token, folder: '/spin' })
    expect(imageListX.filter(url => !url.startsWith('blob:'))).toEqual([`${apiBase}/cdn/gem-9.png`])
    release()
    const keyless = connectSpin(failing(Date.now() + 1000), { apiBase, token, folder: '/spin' })
    await expect(keyless).rejects.toMatchObject({ code: 'network' })
    expect(live.size).toBe(0)
  })

  it('are none where the first one is missing or does not come', async () => {
    const gone = answering(({ pathname }) =>
      pathname.startsWith('/cdn/') ? new Response(null, { status: 403 }) : listing([file('1.png')]),
    )
    await expect(connectSpin(gone.auth, { apiBase, token, folder: '/' })).rejects.toMatchObject({
      code: 'server',
      status: 403,
    })
    const hanging = {
      fetch: (_: unknown, { signal }: RequestInit) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
      subscribe: () => () => {},
    } as unknown as Auth
    await expect(
      connectSpin(hanging, { urlsX: [`${apiBase}/cdn/1.png`], delivery: 'signed', timeoutMs: 5 }),
    ).rejects.toMatchObject({ code: 'timeout' })
    expect(live.size).toBe(0)
  })

  it('stop when the caller aborts, with the reason', async () => {
    const aborter = new AbortController()
    const { auth, log } = answering(({ pathname }) => {
      if (log.length >= 5) aborter.abort(new Error('closed'))
      return pathname.startsWith('/cdn/') ? new Response('x') : listing(names.map(name => file(name)))
    })
    const spin = connectSpin(auth, { apiBase, token, folder: '/spin', signal: aborter.signal })
    await expect(spin).rejects.toThrow('closed')
    expect(live.size).toBe(0)
    expect(log.length).toBeLessThan(16)
  })
})

describe('frames of a public folder', () => {
  it('come by their plain URLs when the caller says so', async () => {
    const { auth, log } = answering(() => listing(names.map(name => file(name, 'public'))))
    const { imageListX } = await connectSpin(auth, { apiBase, token, folder: '/spin', delivery: 'public' })
    expect(imageListX[0]).toBe(`${apiBase}/cdn/gem-1.png`)
    expect(log).toHaveLength(1)
  })
})

describe('a page that is hidden while frames load', () => {
  it('has its key kept good by a lease that ends with the loading', async () => {
    const { auth, lease } = answering(({ pathname }) =>
      pathname.startsWith('/cdn/') ? new Response('x') : listing(names.map(name => file(name))),
    )
    const during: number[] = []
    await connectSpin(auth, { apiBase, token, folder: '/spin', onProgress: () => during.push(lease.now) })
    expect(new Set(during)).toEqual(new Set([1]))
    expect(lease).toEqual({ now: 0, begun: 1 })
  })

  it('needs no lease where no key is needed', async () => {
    const { auth, lease } = answering(() => new Response('x'))
    await connectSpin(auth, { urlsX: [`${apiBase}/cdn/1.png`] })
    expect(lease.begun).toBe(0)
  })

  it('takes none after it was given up while the plain URL was tried', async () => {
    const { auth, lease, log } = answering(() => new Response('x'))
    vi.spyOn(HTMLImageElement.prototype, 'decode').mockImplementation(() => new Promise(() => {}))
    const aborter = new AbortController()
    const spin = connectSpin(auth, { urlsX: [`${apiBase}/cdn/1.png`], signal: aborter.signal })
    aborter.abort(new Error('closed'))
    await expect(spin).rejects.toThrow('closed')
    await new Promise(resolve => setTimeout(resolve))
    vi.restoreAllMocks()
    expect(lease.begun).toBe(0)
    expect(log).toEqual([])
  })
})

describe('progress', () => {
  it('that is listened to by something that throws harms no frame', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.stubGlobal('reportError', console.error)
    const { auth } = answering(() => listing([file('1.png', 'public')]))
    const onProgress = () => {
      throw new Error('from the page')
    }
    const { imageListX } = await connectSpin(auth, { apiBase, token, folder: '/', onProgress })
    expect(imageListX).toHaveLength(1)
    expect(reported).toHaveBeenCalledOnce()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
})

describe('a spin cannot be made', () => {
  it.each([
    ['of neither a folder nor URLs', {}, 'invalid_options'],
    ['of both', { folder: '/spin', token, urlsX: [`${apiBase}/1.png`] }, 'invalid_options'],
    ['of an empty list', { urlsX: [] }, 'invalid_options'],
    ['of a list as text', { urlsX: '["1.png"]' as never }, 'invalid_options'],
    ['of something other than URLs', { urlsX: [1 as never] }, 'invalid_options'],
    ['of URLs that cannot be', { urlsX: ['https://'] }, 'invalid_options'],
    ['in a container that is none', { urlsX: [`${apiBase}/1.png`], container: '#spin' as never }, 'invalid_options'],
    ['of a vertical axis alone', { urlsY: [`${apiBase}/1.png`] }, 'invalid_options'],
    ['of a folder without the token', { folder: '/spin' }, 'invalid_options'],
    ['of a folder without images', { folder: '/spin', token }, 'server'],
  ])('%s', async (_, options, code) => {
    const { auth } = answering(() => listing([{ name: 'notes.txt' }]))
    await expect(connectSpin(auth, { apiBase, ...options })).rejects.toMatchObject({ code })
  })

  it('of a list that is not understood', async () => {
    const { auth } = answering(() => new Response('<html>'))
    const spin = connectSpin(auth, { apiBase, token, folder: '/' })
    await expect(spin).rejects.toMatchObject({ code: 'malformed_response' })
  })
})
