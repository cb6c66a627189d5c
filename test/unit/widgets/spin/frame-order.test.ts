import { describe, expect, it } from 'vitest'
import { axes, frames } from '../../../../src/widgets/spin/frame-order.ts'

const named = (...names: string[]) => names.map(name => ({ name }))
const namesOf = (files: { name?: string }[]) => files.map(file => file.name)

describe('the frames of a folder', () => {
  it('come in natural order, with and without leading zeros', () => {
    expect(namesOf(frames(named('gem-10.png', 'gem-2.png', 'gem-1.png')))).toEqual([
      'gem-1.png',
      'gem-2.png',
      'gem-10.png',
    ])
    expect(namesOf(frames(named('b010.jpg', 'b002.jpg', 'a36.jpg')))).toEqual(['a36.jpg', 'b002.jpg', 'b010.jpg'])
  })

  it('are images only, by media type or by name', () => {
    const files = [
      { name: 'notes.txt', type: 'text/plain' },
      { name: '1.JPEG' },
      { name: '2', type: 'image/webp' },
      { name: 'spin.mp4', type: 'video/mp4' },
      {},
    ]
    expect(namesOf(frames(files))).toEqual(['1.JPEG', '2'])
  })

  it('can be chosen by a pattern, also by one with a memory', () => {
    const files = named('x-2.png', 'y-1.png', 'x-1.png', 'x-3.png')
    expect(namesOf(frames(files, /^x-/))).toEqual(['x-1.png', 'x-2.png', 'x-3.png'])
    expect(namesOf(frames(files, /x-/g))).toEqual(['x-1.png', 'x-2.png', 'x-3.png'])
    expect(frames(files, /^z/)).toEqual([])
  })

  it('leave the listing as it was', () => {
    const files = named('2.png', '1.png')
    frames(files)
    expect(namesOf(files)).toEqual(['2.png', '1.png'])
  })
})

describe('the axes of a spin', () => {
  const files = named('up-1.png', '2.png', '1.png', 'up-2.png')

  it('are one without patterns', () => {
    expect(axes(files).map(namesOf)).toEqual([['1.png', '2.png', 'up-1.png', 'up-2.png'], []])
  })

  it('are told apart by the pattern of either', () => {
    expect(axes(files, /^\d/).map(namesOf)).toEqual([['1.png', '2.png'], []])
    expect(axes(files, undefined, /^up/).map(namesOf)).toEqual([
      ['1.png', '2.png'],
      ['up-1.png', 'up-2.png'],
    ])
  })

  it('may share frames where both have a pattern', () => {
    expect(axes(files, /1/, /^up/).map(namesOf)).toEqual([
      ['1.png', 'up-1.png'],
      ['up-1.png', 'up-2.png'],
    ])
  })
})
