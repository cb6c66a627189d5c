import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../../src/types.ts'
import { connectImageEditor } from '../../../src/widgets/index.ts'

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
    if (init.method !== 'POST') return new Response('pixels')
    saves.push({ url, init })
    return answer()
  }
  return { auth: { fetch } as unknown as Auth, saves }
}

const success = () => new Response(JSON.stringify({ status: 'success', file: { uuid: '1', name: 'cat.jpg' } }))

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
afterEach(() => vi.restoreAllMocks())

describe('an image opened in the editor', () => {
  it('is named after its source, and its object URL is given back once it is decoded', async () => {
    const { source, release } = await connectImageEditor(answering(success).auth, options)
    expect(source.name).toBe('cat-edited.jpg')
    expect(revoked).toEqual(['blob:1'])
    release()
    expect(source.getAttribute('src')).toBeNull()
  })

  it('gives its object URL back also when it cannot be decoded', async () => {
    HTMLImageElement.prototype.decode = () => Promise.reject(new Error('broken'))
    await expect(connectImageEditor(answering(success).auth, options)).rejects.toMatchObject({
      code: 'server',
      message: expect.not.stringContaining('vh='),
    })
    expect(revoked).toEqual(['blob:1'])
  })

  it('needs a source, and a place to be saved', async () => {
    const { auth } = answering(success)
    await expect(connectImageEditor(auth, { ...options, source: '' })).rejects.toThrow(/"source"/)
    await expect(connectImageEditor(auth, { source })).rejects.toThrow(/"token"/)
  })
})

describe('a save', () => {
  it('posts what the canvas holds as a new file, image/jpeg where the editor says image/jpg', async () => {
    const { auth, saves } = answering(success)
    const onSaved = vi.fn<(saved: unknown) => void>()
    const { onSave } = await connectImageEditor(auth, { ...options, onSaved })
    const imageCanvas = canvas(type => new Blob(['edited'], { type }))
    // happy-dom loses a blob's file name.
    const append = vi.spyOn(FormData.prototype, 'append')
    const saved = await onSave(
      { fullName: 'cat.jpg', mimeType: 'image/jpg', imageCanvas },
      { imgSrc: 'blob:1', filter: 'Sepia' },
    )
    expect(saves.map(({ url }) => url)).toEqual(['https://api.example/fusqadtm/v4/files?folder=%2Fedited'])
    expect(append).toHaveBeenCalledExactlyOnceWith(
      'files[]',
      expect.objectContaining({ type: 'image/jpeg', size: 6 }),
      'cat.jpg',
    )
    // Loaded again, a design with a blob URL would win over the source.
    expect(saved).toEqual({ file: { uuid: '1', name: 'cat.jpg' }, design: { imgSrc: source, filter: 'Sepia' } })
    expect(onSaved).toHaveBeenCalledExactlyOnceWith(saved)
  })

  it('goes to a URL of the caller’s where one is given', async () => {
    const { auth, saves } = answering(success)
    const { onSave } = await connectImageEditor(auth, { source, uploadUrl: new URL('https://own.example/save') })
    await onSave({ imageCanvas: canvas(type => new Blob(['edited'], { type })) })
    expect(saves[0]?.url).toBe('https://own.example/save')
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
  ])('sends nothing where the canvas %s', async (_, imageCanvas) => {
    const { auth, saves } = answering(success)
    const { onSave } = await connectImageEditor(auth, options)
    await expect(onSave({ fullName: 'cat.png', ...(imageCanvas && { imageCanvas }) })).rejects.toMatchObject({
      code: 'invalid_options',
    })
    expect(saves).toEqual([])
  })

  it.each([
    ['refused', () => new Response('{"status":"error","code":"FORBIDDEN"}', { status: 403 }), 403],
    ['refused with 200', () => new Response('{"status":"error"}'), 200],
    ['answered with a web page', () => new Response('<html>'), 200],
  ])('rejects when it was %s', async (_, answer, status) => {
    const { onSave } = await connectImageEditor(answering(answer).auth, options)
    const save = onSave({ imageCanvas: canvas(type => new Blob(['edited'], { type })) })
    await expect(save).rejects.toMatchObject({ code: 'server', status })
  })
})
