import { describe, expect, it } from 'vitest'
import { editorName, mediaType, nameInUrl, nameParts } from '../../../../src/widgets/image-editor/file-name.ts'

describe('the media type of a saved image', () => {
  it('is image/jpeg where the editor says image/jpg', () => {
    expect(mediaType('jpg')).toBe('image/jpeg')
    expect(mediaType('jpeg')).toBe('image/jpeg')
  })

  it('goes by the extension, and is PNG without one', () => {
    expect(mediaType('webp')).toBe('image/webp')
    expect(mediaType('')).toBe('image/png')
  })
})

describe('a name that was chosen in the editor', () => {
  it.each([
    ['cat.jpg', 'cat', 'jpg'],
    ['two cats.v2.WEBP', 'two cats.v2', 'webp'],
    ['cat', 'cat', ''],
    ['cat.v2', 'cat.v2', ''],
    ['100%.png', '100%', 'png'],
    // `defaultSavedImageType` adds a second one.
    ['cat.png.jpg', 'cat', 'jpg'],
    ['cat.JPG.png', 'cat', 'png'],
  ])('has a stem and one extension: %s', (name, stem, extension) => {
    expect(nameParts(name)).toEqual([stem, extension])
  })
})

describe('the name in a URL', () => {
  it.each([
    ['https://cdn.example/a/cat.png?vh=1#x', 'cat.png'],
    ['https://cdn.example/a/two%20cats.v2.jpg', 'two cats.v2.jpg'],
    ['https://cdn.example/a/100%.png', '100%.png'],
    ['https://cdn.example/', 'image'],
  ])('is the last part of its path: %s', (url, name) => {
    expect(nameInUrl(url)).toBe(name)
  })
})

describe('the name with which the editor starts', () => {
  it('keeps the type that the source has', () => {
    expect(editorName('cat.jpg', 'image/jpeg', '-edited')).toBe('cat-edited.jpg')
    // The editor takes "CAT.JPG" for a name without an extension, and would make "CAT.JPG.png" of it.
    expect(editorName('CAT.JPG', 'image/jpeg')).toBe('CAT.jpg')
  })

  it('takes the type of the bytes where the name says nothing', () => {
    expect(editorName('d8880a7c', 'image/jpeg', '-edited')).toBe('d8880a7c-edited.jpeg')
    expect(editorName('drawing', 'image/svg+xml')).toBe('drawing.svg')
    expect(editorName('d8880a7c', 'application/octet-stream')).toBe('d8880a7c.png')
  })
})
