import { describe, expect, it } from 'vitest'
import { fileName, mediaType, suggestedName } from '../../../src/widgets/edited-file.ts'

describe('the media type of a saved image', () => {
  it('is image/jpeg where the editor says image/jpg', () => {
    expect(mediaType({ mimeType: 'image/jpg' })).toBe('image/jpeg')
    expect(mediaType({ extension: 'JPG' })).toBe('image/jpeg')
  })

  it('is what the editor says otherwise, or goes by the extension, or is PNG', () => {
    expect(mediaType({ mimeType: 'image/webp', extension: 'jpg' })).toBe('image/webp')
    expect(mediaType({ extension: 'webp' })).toBe('image/webp')
    expect(mediaType({})).toBe('image/png')
  })
})

describe('the name of a saved image', () => {
  it('is the full name, or made of its parts', () => {
    expect(fileName({ fullName: 'cat.jpg', name: 'dog', extension: 'png' }, 'image/jpeg')).toBe('cat.jpg')
    expect(fileName({ name: 'cat', extension: 'webp' }, 'image/webp')).toBe('cat.webp')
    expect(fileName({}, 'image/png')).toBe('image.png')
  })

  it('says PNG where the browser wrote PNG instead', () => {
    expect(fileName({ fullName: 'cat.webp' }, 'image/png')).toBe('cat.png')
    expect(fileName({ fullName: 'cat.png' }, 'image/png')).toBe('cat.png')
    expect(fileName({ fullName: 'cat' }, 'image/png')).toBe('cat')
  })
})

describe('the name suggested for an edit', () => {
  it.each([
    ['https://cdn.example/a/cat.png?vh=1#x', 'cat-edited.png'],
    ['https://cdn.example/a/two%20cats.v2.jpg', 'two cats.v2-edited.jpg'],
    ['https://cdn.example/a/100%.png', '100%-edited.png'],
    ['https://cdn.example/a/cat', 'cat-edited'],
    ['https://cdn.example/', 'image-edited'],
  ])('differs from that of its source: %s', (url, name) => {
    expect(suggestedName(url)).toBe(name)
  })
})
