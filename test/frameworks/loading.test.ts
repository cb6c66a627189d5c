import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from '../../src/errors.ts'
import { createLoadingHook } from '../../src/hooks/loading.ts'
import type { ImageEditorHookOptions, SpinHookOptions } from '../../src/react.ts'
import type { Auth } from '../../src/types.ts'
import { frameworks, settled } from './framework.ts'

const apiBase = 'https://api.example'
const where = { apiBase, token: 'fusqadtm' }

/** An auth that delivers anything, or waits to be let; `log` has the paths that were asked for. */
function delivering() {
  const log: string[] = []
  const aborted: string[] = []
  const held: (() => void)[] = []
  const service = {
    log,
    aborted,
    /** Whether answers wait until `deliver`. */
    isHeld: false,
    /** What `fetch` rejects with, if it does. */
    failure: undefined as Error | undefined,
    leases: 0,
    deliver: () => {
      for (const answer of held.splice(0)) answer()
    },
    auth: {
      subscribe() {
        service.leases++
        return () => void service.leases--
      },
      async fetch(input: unknown, { signal, method = 'GET' }: RequestInit = {}) {
        const { pathname, searchParams } = new URL(String(input))
        const path = `${method === 'GET' ? '' : `${method} `}${searchParams.get('folder') ?? pathname}`
        log.push(path)
        if (service.isHeld) {
          await new Promise<void>((resolve, reject) => {
            held.push(resolve)
            signal?.addEventListener('abort', () => {
              aborted.push(path)
              reject(signal.reason as Error)
            })
          })
        }
        signal?.throwIfAborted()
        if (service.failure) throw service.failure
        if (method === 'POST') return Response.json({ status: 'success', file: { uuid: '1', name: 'cat.png' } })
        const folder = searchParams.get('folder')
        if (folder) {
          const files = [1, 2, 3].map(n => ({
            name: `${n}.png`,
            type: 'image/png',
            visibility: 'private',
            url: { cdn: `${apiBase}/cdn${folder}/${n}.png` },
          }))
          return Response.json({ status: 'success', files, info: { total_files_count: 3 } })
        }
        return new Response(new Blob(['pixels'], { type: 'image/png' }))
      },
    } as unknown as Auth,
  }
  return service
}

let live: Set<string>
let rejections: unknown[]
const onRejection = (reason: unknown) => rejections.push(reason)
beforeEach(() => {
  live = new Set()
  rejections = []
  process.on('unhandledRejection', onRejection)
  let made = 0
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${++made}`
    live.add(url)
    return url
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(url => void live.delete(url.replace(/#$/, '')))
  // happy-dom decodes nothing.
  HTMLImageElement.prototype.decode = async () => {}
})
afterEach(async () => {
  await new Promise(resolve => setTimeout(resolve))
  process.off('unhandledRejection', onRejection)
  vi.restoreAllMocks()
  document.body.replaceChildren()
  expect(rejections).toEqual([])
})

describe.each(frameworks)('in %s, the hook for the spin', (_, { hooks, act, mount, renderToString }) => {
  const { useFilerobotSpin } = hooks
  const use = ({ auth, ...options }: SpinHookOptions & { auth: Auth }) => useFilerobotSpin(auth, options)
  const blobs = (list: string[] | undefined) => list?.map(url => url.replace(/\d+/, 'n'))
  const until = (isTrue: () => void) => settled(act, isTrue)

  it('asks for nothing in server rendering', async () => {
    const { auth, log } = delivering()
    const results = renderToString(() => useFilerobotSpin(auth, { ...where, folder: '/a' }))
    await act(() => {})
    expect(results).toEqual([{ status: 'loading' }])
    expect(log).toEqual([])
    expect(live.size).toBe(0)
  })

  it('loads once, however often the component is rendered with the same options, and shows the same lists (rule 17)', async () => {
    const { auth, log } = delivering()
    // Literals, and a pattern, are others at each rendering.
    const options = () => ({ ...where, auth, folder: '/a', namesX: /png$/, onProgress: () => {} })
    const hook = await mount(use, options())
    expect(hook.results[0]).toEqual({ status: 'loading' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const { result } = hook
    expect(blobs(result?.imageListX)).toEqual(['blob:n#', 'blob:n#', 'blob:n#'])
    for (let i = 0; i < 3; i++) await hook.update(options())
    expect(hook.result).toBe(result)
    expect(log).toEqual(['/a', '/cdn/a/1.png', '/cdn/a/2.png', '/cdn/a/3.png'])
    await hook.unmount()
    expect(live.size).toBe(0)
  })

  it('keeps what is shown until another folder is there, and then releases it', async () => {
    const service = delivering()
    const { auth } = service
    const hook = await mount(use, { ...where, auth, folder: '/a' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const before = hook.result?.imageListX
    const old = [...live]
    service.isHeld = true
    await hook.update({ ...where, auth, folder: '/b' })
    expect(hook.result).toEqual({ status: 'loading', imageListX: before })
    expect(hook.result?.imageListX).toBe(before)
    service.isHeld = false
    service.deliver()
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(hook.result?.imageListX).not.toBe(before)
    expect(old.filter(url => live.has(url))).toEqual([])
    expect(live.size).toBe(3)
    // No rendering ever had nothing to show in between, or said that the old one is the new one.
    const kinds = hook.results.map(({ status, imageListX }) => `${status} ${imageListX ? 'shown' : 'empty'}`)
    expect([...new Set(kinds)]).toEqual(['loading empty', 'ready shown', 'loading shown'])
    await hook.unmount()
    expect(live.size).toBe(0)
  })

  it('loads again for another auth', async () => {
    const [one, other] = [delivering(), delivering()]
    const hook = await mount(use, { ...where, auth: one.auth, folder: '/a' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    await hook.update({ ...where, auth: other.auth, folder: '/a' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(other.log).toHaveLength(4)
    expect(live.size).toBe(3)
    await hook.unmount()
  })

  it('heeds the last of several changes only', async () => {
    const service = delivering()
    const { auth } = service
    const hook = await mount(use, { ...where, auth, folder: '/a' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    service.isHeld = true
    await hook.update({ ...where, auth, folder: '/b' })
    await hook.update({ ...where, auth, folder: '/c' })
    expect(service.aborted).toEqual(['/b'])
    expect(hook.result).toMatchObject({ status: 'loading', imageListX: { length: 3 } })
    service.isHeld = false
    service.deliver()
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(service.log.filter(path => path.startsWith('/cdn/b'))).toEqual([])
    expect(live.size).toBe(3)
    await hook.unmount()
    expect([live.size, service.leases]).toEqual([0, 0])
  })

  it('ends loading when the component is unmounted, and releases what was loaded', async () => {
    const service = delivering()
    service.isHeld = true
    const hook = await mount(use, { ...where, auth: service.auth, folder: '/a' })
    service.deliver()
    await until(() => expect(service.log).toContain('/cdn/a/1.png'))
    await hook.unmount()
    await until(() => expect([live.size, service.leases]).toEqual([0, 0]))
    expect(service.aborted).toContain('/cdn/a/1.png')
    expect(hook.results.every(({ status }) => status === 'loading')).toBe(true)
  })

  it('releases what came in the moment in which the component went', async () => {
    const service = delivering()
    service.isHeld = true
    const hook = await mount(use, { ...where, auth: service.auth, folder: '/a' })
    service.isHeld = false
    // Rendering waits for the end of `act`, so that nothing of it was ever shown.
    await act(async () => {
      service.deliver()
      await vi.waitFor(() => expect([live.size, service.leases]).toEqual([3, 0]))
      await hook.unmount()
    })
    expect(live.size).toBe(0)
  })

  it('tells the progress to the function of the last rendering', async () => {
    const service = delivering()
    service.isHeld = true
    const [first, last] = [vi.fn<(progress: object) => void>(), vi.fn<(progress: object) => void>()]
    const hook = await mount(use, { ...where, auth: service.auth, folder: '/a', onProgress: first })
    await hook.update({ ...where, auth: service.auth, folder: '/a', onProgress: last })
    service.isHeld = false
    service.deliver()
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(first).not.toHaveBeenCalled()
    expect(last.mock.calls.map(([progress]) => progress)).toEqual([0, 1, 2, 3].map(loaded => ({ loaded, total: 3 })))
    expect(service.log.filter(path => path === '/a')).toHaveLength(1)
    await hook.unmount()
  })

  it('returns an error, shows nothing then, and loads again when it is told to', async () => {
    const service = delivering()
    const { auth } = service
    const hook = await mount(use, { ...where, auth, folder: '/a' })
    await until(() => expect(hook.result?.status).toBe('ready'))
    service.failure = new AuthError('rate_limited')
    await hook.update({ ...where, auth, folder: '/b' })
    await until(() => expect(hook.result?.status).toBe('error'))
    expect(hook.result).toEqual({ status: 'error', error: service.failure, retry: expect.any(Function) })
    expect(live.size).toBe(0)
    service.failure = undefined
    await act(() => hook.result?.retry?.())
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(hook.result?.error).toBeUndefined()
    await hook.unmount()
    expect(live.size).toBe(0)
  })

  it('returns an error for options that are none', async () => {
    const hook = await mount(use, { ...where, auth: delivering().auth })
    await until(() => expect(hook.result?.error).toMatchObject({ code: 'invalid_options' }))
    await hook.unmount()
  })
})

describe.each(frameworks)('in %s, the hook for the image editor', (_, { hooks, act, mount, renderToString }) => {
  const { useFilerobotImageEditor } = hooks
  const use = ({ auth, ...options }: ImageEditorHookOptions & { auth: Auth }) => useFilerobotImageEditor(auth, options)
  const until = (isTrue: () => void) => settled(act, isTrue)
  const source = `${apiBase}/cdn/cat.png`
  const image = {
    fullName: 'cat.png',
    imageCanvas: {
      toBlob: (done: BlobCallback) => done(new Blob(['edited'], { type: 'image/png' })),
    } as HTMLCanvasElement,
  }

  it('asks for nothing in server rendering', async () => {
    const { auth, log } = delivering()
    expect(renderToString(() => useFilerobotImageEditor(auth, { ...where, source }))).toEqual([{ status: 'loading' }])
    await act(() => {})
    expect(log).toEqual([])
  })

  it('loads the image once, and gives the editor the same options at each rendering', async () => {
    const { auth, log } = delivering()
    const options = () => ({
      ...where,
      auth,
      source: new URL(source),
      design: { filter: { name: 'x' } },
      onSaved: () => {},
    })
    const hook = await mount(use, options())
    await until(() => expect(hook.result?.status).toBe('ready'))
    const { result } = hook
    expect(result?.source).toBeInstanceOf(HTMLImageElement)
    expect(result?.loadableDesignState).toMatchObject({ filter: { name: 'x' } })
    expect(result).not.toHaveProperty('release')
    await hook.update(options())
    expect(hook.result).toBe(result)
    expect(log).toEqual(['/cdn/cat.png'])
    await hook.unmount()
    expect(live.size).toBe(0)
  })

  it('saves, and tells the function of the last rendering', async () => {
    const { auth } = delivering()
    const [first, last] = [vi.fn<() => void>(), vi.fn<() => void>()]
    const hook = await mount(use, { ...where, auth, source, onSaved: first })
    await until(() => expect(hook.result?.status).toBe('ready'))
    await hook.update({ ...where, auth, source, onSaved: last })
    await act(async () => {
      expect(await hook.result?.onSave?.(image)).toMatchObject({ file: { uuid: '1' } })
    })
    expect([first.mock.calls.length, last.mock.calls.length]).toEqual([0, 1])
    await hook.unmount()
  })

  it('tells of a failed save as well', async () => {
    const service = delivering()
    const onError = vi.fn<(failure: { error: unknown }) => void>()
    const hook = await mount(use, { ...where, auth: service.auth, source, onError })
    await until(() => expect(hook.result?.status).toBe('ready'))
    service.failure = new AuthError('network')
    await act(async () => void (await hook.result?.onSave?.(image)))
    expect(onError.mock.calls[0]?.[0].error).toBe(service.failure)
    expect(hook.result?.status).toBe('ready')
    await hook.unmount()
  })

  it('goes on with a save when the component is unmounted', async () => {
    const service = delivering()
    const onSaved = vi.fn<() => void>()
    const hook = await mount(use, { ...where, auth: service.auth, source, onSaved })
    await until(() => expect(hook.result?.status).toBe('ready'))
    service.isHeld = true
    const saving = hook.result?.onSave?.(image)
    await until(() => expect(service.log).toContain('POST /'))
    await hook.unmount()
    expect(live.size).toBe(0)
    service.deliver()
    expect(await saving).toMatchObject({ file: { uuid: '1' } })
    expect(onSaved).toHaveBeenCalledTimes(1)
  })

  it('opens another image, and releases the one before when that is there', async () => {
    const service = delivering()
    const { auth } = service
    const hook = await mount(use, { ...where, auth, source })
    await until(() => expect(hook.result?.status).toBe('ready'))
    const { source: before } = hook.result ?? {}
    service.isHeld = true
    await hook.update({ ...where, auth, source: `${apiBase}/cdn/dog.png` })
    expect(hook.result).toMatchObject({ status: 'loading', source: before })
    expect(before?.hasAttribute('src')).toBe(true)
    service.isHeld = false
    service.deliver()
    await until(() => expect(hook.result?.status).toBe('ready'))
    expect(hook.result?.source?.name).toBe('dog-edited.png')
    expect(before?.hasAttribute('src')).toBe(false)
    expect(live.size).toBe(1)
    await hook.unmount()
    expect(live.size).toBe(0)
  })

  it('returns an error for an image that cannot be had', async () => {
    const service = delivering()
    service.failure = new AuthError('server', 'HTTP 404', { status: 404 })
    const hook = await mount(use, { ...where, auth: service.auth, source })
    await until(() => expect(hook.result?.error).toBe(service.failure))
    await hook.unmount()
  })
})

describe.each(frameworks)('in %s, a load that ends although nobody waits any more', (_, { own, act, mount }) => {
  /** A hook whose loads the test ends. */
  function loading() {
    const loads: { folder: string; resolve: (connection: Connection) => void; reject: (error: Error) => void }[] = []
    const useLoading = createLoadingHook<{ folder: string }, Connection>(
      own,
      (_, { folder }) => new Promise((resolve, reject) => loads.push({ folder, resolve, reject })),
    )
    return { loads, use: (options: { folder: string }) => useLoading(auth, options) }
  }
  interface Connection {
    name: string
    release: () => void
  }
  const { auth } = delivering()
  const connection = (name: string) => ({ name, release: vi.fn<() => void>() })

  it('is released at once, and never shown', async () => {
    const { loads, use } = loading()
    const [late, wanted] = [connection('late'), connection('wanted')]
    const hook = await mount(use, { folder: '/a' })
    await hook.update({ folder: '/b' })
    expect(loads.map(({ folder }) => folder)).toEqual(['/a', '/b'])
    await act(() => loads[1]?.resolve(wanted))
    await act(() => loads[0]?.resolve(late))
    expect(hook.result).toEqual({ status: 'ready', name: 'wanted' })
    expect([late.release.mock.calls.length, wanted.release.mock.calls.length]).toEqual([1, 0])
    await hook.unmount()
    expect([late.release.mock.calls.length, wanted.release.mock.calls.length]).toEqual([1, 1])
  })

  it('is released after the component was unmounted', async () => {
    const { loads, use } = loading()
    const late = connection('late')
    const hook = await mount(use, { folder: '/a' })
    await hook.unmount()
    await act(() => loads[0]?.resolve(late))
    expect(late.release).toHaveBeenCalledTimes(1)
  })

  it('is no error', async () => {
    const { loads, use } = loading()
    const hook = await mount(use, { folder: '/a' })
    await act(() => loads[0]?.resolve(connection('shown')))
    await hook.update({ folder: '/b' })
    await hook.update({ folder: '/c' })
    await act(() => loads[1]?.reject(new Error('nobody waits')))
    expect(hook.result).toEqual({ status: 'loading', name: 'shown' })
    await hook.unmount()
  })
})
