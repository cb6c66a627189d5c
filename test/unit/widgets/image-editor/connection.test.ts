import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../../../src/types.ts'
import { connectImageEditor, type SaveFailure } from '../../../../src/widgets/index.ts'

const source = 'https://api.example/cdn/cat.jpg?vh=1'
const options = { apiBase: 'https://api.example', token: 'fusqadtm', source, folder: '/edited' }

interface Sent {
  url: string
  init: RequestInit
}

/** An auth that delivers an image and answers each save with `answer`. */
function answering(answer: () => Response) {
  const saves: Sent[] = []
  const fetch = async (url: string, init: RequestInit = {}) => {
    init.signal?.throwIfAborted()
    if (init.method !== 'POST') return new Response(new Blob(['pixels'], { type: 'image/jpeg' }))
    saves.push({ url, init })
    return answer()
  }
  const leases = { begun: 0, ended: 0 }
  const subscribe = (_: unknown, isLease?: boolean) => {
    leases.begun += Number(isLease)
    return () => {
      leases.ended += 1
    }
  }
  return { auth: { fetch, subscribe } as unknown as Auth, saves, leases }
}

const success = () => new Response(JSON.stringify({ status: 'success', file: { uuid: '1', name: 'cat.jpg' } }))

const sentFile = (save: Sent | undefined) => (save?.init.body as FormData | undefined)?.get('files[]') as File

/** A canvas whose `toBlob` gives what `write` makes of the type that it was asked for. */
const canvas = (write: (type: string) => Blob | null) =>
  ({ toBlob: (done: BlobCallback, type: string) => done(write(type)) }) as unknown as HTMLCanvasElement

let revoked: string[]
beforeEach(() => {
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1')
  revoked = []
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(url => void revoked.push(url))
  // happy-dom decodes nothing.
  HTMLImageElement.prototype.decode = async () => {}
})
afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

/** What a test's canvas is when nothing is wrong with it. */
const imageCanvas = canvas(type => new Blob(['edited'], { type }))
const failures = () => vi.fn<(failure: SaveFailure) => void>()
const button = (label: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === label)
const notice = () => document.querySelector('[role=alert]')?.textContent

describe('an image opened in the editor', () => {
  it('is named after its source, and its object URL is given back when it is released, once or more', async () => {
    const { source, loadableDesignState, release } = await connectImageEditor(answering(success).auth, options)
    expect(source.name).toBe('cat-edited.jpg')
    expect(loadableDesignState).toBeUndefined()
    expect(revoked).toEqual([])
    release()
    release()
    expect(revoked[0]).toBe('blob:1')
    expect(source.getAttribute('src')).toBeNull()
  })

  it('keeps a name that was given, and gets an extension that fits its bytes where there is none', async () => {
    const named = async (more: object) =>
      (await connectImageEditor(answering(success).auth, { ...options, ...more })).source.name
    expect(await named({ name: 'portrait' })).toBe('portrait.jpeg')
    expect(await named({ name: 'Portrait.PNG' })).toBe('Portrait.png')
    expect(await named({ source: 'https://api.example/fusqadtm/v5/get/d8880a7c' })).toBe('d8880a7c-edited.jpeg')
  })

  it('gives its object URL back also when it cannot be decoded', async () => {
    HTMLImageElement.prototype.decode = () => Promise.reject(new Error('broken'))
    await expect(connectImageEditor(answering(success).auth, options)).rejects.toMatchObject({
      code: 'server',
      message: expect.not.stringContaining('vh='),
    })
    expect(revoked).toEqual(['blob:1'])
  })

  it('leaves nothing behind when it is aborted while it is decoded', async () => {
    const loading = new AbortController()
    HTMLImageElement.prototype.decode = async () => loading.abort('gone')
    const opening = connectImageEditor(answering(success).auth, { ...options, signal: loading.signal })
    await expect(opening).rejects.toBe('gone')
    expect(revoked).toEqual(['blob:1'])
  })

  it('needs a source, and a place to be saved', async () => {
    const { auth } = answering(success)
    await expect(connectImageEditor(auth, { ...options, source: '' })).rejects.toThrow(/^source: expected/)
    await expect(connectImageEditor(auth, { source })).rejects.toThrow(/^token: expected/)
  })

  it('is that of a design, which is handed on without what would win over it', async () => {
    const { auth } = answering(success)
    const design = { imgSrc: source, filter: 'Sepia', originalSource: {} }
    const connection = await connectImageEditor(auth, { ...options, source: undefined, design })
    expect(connection.source.name).toBe('cat-edited.jpg')
    expect(connection.loadableDesignState).toEqual({ filter: 'Sepia' })
    const stock = { ...options, source: undefined, design: { imgSrc: 'blob:https://site.example/1' } }
    await expect(connectImageEditor(auth, stock)).rejects.toThrow(/^source: expected/)
  })

  it('keeps the key good while it loads, and no longer', async () => {
    const { auth, leases } = answering(success)
    await connectImageEditor(auth, options)
    expect(leases).toEqual({ begun: 1, ended: 1 })
    const failing = answering(success)
    await expect(connectImageEditor(failing.auth, { ...options, signal: AbortSignal.abort('gone') })).rejects.toBe(
      'gone',
    )
    expect(failing.leases).toEqual({ begun: 1, ended: 1 })
  })
})

describe('a save', () => {
  it('posts what the canvas holds as a new file, image/jpeg where the editor says image/jpg', async () => {
    const { auth, saves, leases } = answering(success)
    const onSaved = vi.fn<(saved: unknown) => void>()
    const { onSave } = await connectImageEditor(auth, { ...options, onSaved })
    const toBlob = vi.spyOn(imageCanvas, 'toBlob')
    const edit = { imgSrc: 'blob:1', filter: 'Sepia', originalSource: document.createElement('img') }
    const saved = await onSave({ fullName: 'cat.png.jpg', quality: 0.5, imageCanvas }, edit)
    expect(toBlob).toHaveBeenCalledExactlyOnceWith(expect.any(Function), 'image/jpeg', 0.5)
    expect(saves.map(({ url }) => url)).toEqual(['https://api.example/fusqadtm/v4/files?folder=%2Fedited'])
    const file = sentFile(saves[0])
    expect([file.name, file.type, file.size]).toEqual(['cat.jpg', 'image/jpeg', 6])
    // Loaded again, a design with a blob URL would win over the source.
    expect(saved).toEqual({ file: { uuid: '1', name: 'cat.jpg' }, design: { imgSrc: source, filter: 'Sepia' } })
    expect(JSON.parse(JSON.stringify(saved?.design))).toEqual({ imgSrc: source, filter: 'Sepia' })
    expect(onSaved).toHaveBeenCalledExactlyOnceWith(saved)
    expect(leases).toEqual({ begun: 2, ended: 2 })
    expect(document.body.children).toHaveLength(0)
  })

  it('as a version has the source’s own name and type, whatever was chosen', async () => {
    const { auth, saves } = answering(success)
    const { onSaveVersion } = await connectImageEditor(auth, options)
    await onSaveVersion({ fullName: 'other.png', imageCanvas })
    const file = sentFile(saves[0])
    expect([file.name, file.type]).toEqual(['cat.jpg', 'image/jpeg'])
  })

  it('is named truthfully where the browser wrote PNG instead', async () => {
    const { auth, saves } = answering(success)
    const { onSave } = await connectImageEditor(auth, options)
    for (const fullName of ['cat.webp', 'cat.gif', 'cat']) {
      await onSave({ fullName, imageCanvas: canvas(() => new Blob(['edited'], { type: 'image/png' })) })
    }
    const files = saves.map(sentFile)
    expect(files.map(({ name, type }) => [name, type])).toEqual(saves.map(() => ['cat.png', 'image/png']))
  })

  it('goes to a URL of the caller’s where one is given', async () => {
    const { auth, saves } = answering(success)
    const { onSave } = await connectImageEditor(auth, { source, uploadUrl: new URL('https://own.example/save') })
    await onSave({ imageCanvas })
    expect(saves[0]?.url).toBe('https://own.example/save')
  })

  it('is not undone by a listener that throws', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.stubGlobal('reportError', undefined)
    const onSaved = () => {
      throw new Error('of the host')
    }
    const { onSave } = await connectImageEditor(answering(success).auth, { ...options, onSaved })
    expect(await onSave({ imageCanvas })).toMatchObject({ file: { uuid: '1' } })
    expect(report).toHaveBeenCalledOnce()
    vi.unstubAllGlobals()
  })

  it.each([
    ['is missing', undefined],
    ['is too large, so that it gives nothing', canvas(() => null)],
    ['gives an empty file', canvas(() => new Blob([]))],
    [
      'is tainted',
      canvas(() => {
        throw new DOMException('tainted', 'SecurityError')
      }),
    ],
  ])('sends nothing where the canvas %s, and says so', async (_, bad) => {
    const { auth, saves } = answering(success)
    const onError = failures()
    const { onSave } = await connectImageEditor(auth, { ...options, onError })
    expect(await onSave({ fullName: 'cat.png', ...(bad && { imageCanvas: bad }) })).toBeUndefined()
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ error: expect.objectContaining({ code: 'invalid_options' }), file: undefined }),
    )
    expect(notice()).toBe('Not saved, but not lost.')
    expect(button('Download')).toBeUndefined()
    expect(saves).toEqual([])
  })

  it.each([
    ['refused', () => new Response('{"status":"error","code":"FORBIDDEN"}', { status: 403 }), 403],
    ['refused with 200', () => new Response('{"status":"error"}'), 200],
    ['answered with a web page', () => new Response('<html>'), 200],
  ])('never rejects, as the editor catches nothing, and is told of when it was %s', async (_, answer, status) => {
    const onError = failures()
    const { onSave } = await connectImageEditor(answering(answer).auth, { ...options, onError })
    expect(await onSave({ imageCanvas })).toBeUndefined()
    expect(onError.mock.calls[0]?.[0].error).toMatchObject({ code: 'server', status })
    expect(notice()).toBe('Not saved, but not lost.')
  })
})

describe('a save that failed', () => {
  const refusal = () => new Response('{"status":"error"}', { status: 500 })

  it('is tried again by the host or the user, without another rendering, until it is saved', async () => {
    const answers = [refusal, refusal, success]
    const { auth, saves } = answering(() => answers.shift()!())
    const onError = failures()
    const onSaved = vi.fn<(saved: unknown) => void>()
    const { onSave } = await connectImageEditor(auth, { ...options, onError, onSaved })
    const toBlob = vi.spyOn(imageCanvas, 'toBlob').mockClear()
    await onSave({ fullName: 'cat.jpg', imageCanvas }, { filter: 'Sepia' })
    expect(await onError.mock.calls[0]?.[0].retry()).toBeUndefined()
    expect(onError).toHaveBeenCalledTimes(2)
    button('Try again')?.click()
    await expect.poll(() => onSaved.mock.calls.length).toBe(1)
    expect(onSaved).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ design: { imgSrc: source, filter: 'Sepia' } }),
    )
    expect(toBlob).toHaveBeenCalledOnce()
    const files = saves.map(sentFile)
    expect(new Set(await Promise.all(files.map(file => file.text())))).toEqual(new Set(['edited']))
    expect(document.body.children).toHaveLength(0)
  })

  it('can be downloaded under its name, and dismissed', async () => {
    vi.useFakeTimers()
    const onError = failures()
    const { onSave } = await connectImageEditor(answering(refusal).auth, { ...options, onError })
    await onSave({ fullName: 'cat.jpg', imageCanvas })
    const clicked: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(`${this.download} ${this.href}`)
    })
    button('Download')?.click()
    onError.mock.calls[0]?.[0].download?.()
    expect(clicked).toEqual(['cat.jpg blob:1', 'cat.jpg blob:1'])
    expect(revoked).toEqual([])
    vi.advanceTimersByTime(60_000)
    expect(revoked).toEqual(['blob:1', 'blob:1'])
    button('Close')?.click()
    expect(notice()).toBeUndefined()
    vi.useRealTimers()
  })

  it('speaks the words that it was given, or is left to the host', async () => {
    const words = { 'Not saved, but not lost.': 'Nicht gespeichert, aber nicht verloren.', 'Try again': 'Nochmals' }
    const german = await connectImageEditor(answering(refusal).auth, { ...options, notice: words })
    await german.onSave({ imageCanvas })
    expect(notice()).toBe('Nicht gespeichert, aber nicht verloren.')
    expect([...document.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual([
      'Nochmals',
      'Download',
      'Close',
    ])
    document.body.replaceChildren()
    const silent = await connectImageEditor(answering(refusal).auth, { ...options, notice: false })
    await silent.onSave({ imageCanvas })
    expect(document.body.children).toHaveLength(0)
  })
})

describe('a save that is cancelled', () => {
  /** An auth whose saves are never answered. */
  const silent = () => {
    const { auth, saves, leases } = answering(success)
    const { fetch } = auth
    const hanging: typeof fetch = (url, init) => (init?.method === 'POST' ? new Promise(() => {}) : fetch(url, init))
    return { auth: { ...auth, fetch: hanging }, saves, leases }
  }

  it.each([
    ['the user', () => button('Cancel')?.click()],
    ['the connection’s signal', (all: AbortController) => all.abort()],
    ['its own signal', (_: AbortController, own: AbortController) => own.abort()],
  ])('by %s ends at once, and nobody is told of a failure', async (_, cancel) => {
    const { auth, leases } = silent()
    const [all, own, onError] = [new AbortController(), new AbortController(), failures()]
    const { onSave } = await connectImageEditor(auth, { ...options, signal: all.signal, onError })
    const save = onSave({ imageCanvas }, {}, own.signal)
    await expect.poll(() => leases.begun).toBe(2)
    expect(notice()).toBe('Saving…')
    cancel(all, own)
    expect(await save).toBeUndefined()
    expect(onError).not.toHaveBeenCalled()
    expect(document.body.children).toHaveLength(0)
    expect(leases).toEqual({ begun: 2, ended: 2 })
  })
})
