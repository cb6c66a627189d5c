import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, codes, findWay } from '../../demo/errors/catalogue/catalogue.ts'
import { benchParameters } from '../../demo/page/link/bench-link.ts'
import { keyIn, withoutKeys } from '../../demo/page/link/keys-in-address.ts'
import { oneOf, readLink, text, writeQuery } from '../../demo/page/link/read-link.ts'
import { benchOfTabsParameters } from '../../demo/two-tabs/tab-link.ts'

const SECRET = '0123456789abcdef'.repeat(2)
const TEMPLATE = `SECU_${SECRET}`

describe('a link to a state of the demo', () => {
  it('is read by the parameters that a page knows', () => {
    const { state, notes } = readLink(`?fault=slow&template=${TEMPLATE}&widget=spin,uploader`, benchParameters)
    expect({ ...state }).toEqual({ fault: 'slow', template: TEMPLATE, widget: 'spin,uploader' })
    expect(notes).toEqual([])
  })

  it.each([
    ['?fault=explode', '“fault=explode” was ignored. Possible: none, slow, limit, errors, away.'],
    ['?widget=spin,__proto__', '“widget=spin,__proto__” was ignored.'],
    ['?__proto__=x', '“__proto__” is unknown here and was ignored.'],
    ['?constructor=x', '“constructor” is unknown here and was ignored.'],
    ['?spin=inbox', '“spin=inbox” was ignored. Possible: a folder that begins with /.'],
    ['?image-editor=javascript:alert(1)', '“image-editor=javascript:alert(1)” was ignored.'],
    ['?token=%00%E2%80%AEx', '“token=��x” was ignored.'],
    [`?token=${'x'.repeat(3000)}`, `“token=${'x'.repeat(34)}…” was ignored.`],
    ['?fault=slow&fault=away', '“fault” is there more than once: the first was taken.'],
  ])('that says %s is followed as far as that goes, with a note', (search, note) => {
    const { state, notes } = readLink(search, benchParameters)
    expect(Object.entries(state).flat().join()).toBe(search.includes('slow') ? 'fault,slow' : '')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain(note)
  })

  it('that is all wrong does not fill the page with notes', () => {
    const search = Array.from({ length: 500 }, (_, index) => `wrong-${index}=1`).join('&')
    const { notes } = readLink(`?${search}`, benchParameters)
    expect(notes).toHaveLength(7)
    expect(notes.at(-1)).toBe('And 494 more of the kind.')
  })

  it.each([
    [`https://demo.test/?template=${SECRET}&fault=slow`, 'https://demo.test/?fault=slow', ['secret']],
    [`https://demo.test/?token=x-${SECRET.toUpperCase()}&x=%20${SECRET}`, 'https://demo.test/', ['secret']],
    [`https://demo.test/?${SECRET}=1`, 'https://demo.test/', ['secret']],
    ['https://demo.test/?spin=/x/SASS_abc#bench', 'https://demo.test/#bench', ['access']],
    ['https://demo.test/errors#%53ASS_abcdef', 'https://demo.test/errors', ['access']],
    [`https://demo.test/?template=${TEMPLATE}#bench`, `https://demo.test/?template=${TEMPLATE}#bench`, []],
  ])('loses every key that it holds, and nothing else: %s', (address, left, found) => {
    expect(withoutKeys(address)).toEqual({ address: left, found })
  })

  it.each([`a${SECRET}`, SECRET.slice(1), TEMPLATE, `${TEMPLATE},${TEMPLATE}`, 'SASS'])(
    'may hold %s, which is no key',
    words => {
      expect(keyIn(words)).toBeUndefined()
    },
  )

  it('that is written is read as it was meant, and leaves out what has no value or is a key', () => {
    const parameters = [oneOf('fault', ['slow']), text('spin', 'a folder'), text('api', 'an address')]
    const written = { fault: 'slow', spin: '/a b/ü&c', api: 'http://127.0.0.1:8787', tab: undefined, theme: '' }
    const query = writeQuery(written)
    expect(query).toBe('?fault=slow&spin=/a+b/%C3%BC%26c&api=http://127.0.0.1:8787')
    expect({ ...readLink(query, parameters).state }).toEqual({
      fault: 'slow',
      spin: '/a b/ü&c',
      api: 'http://127.0.0.1:8787',
    })
    expect(writeQuery({})).toBe('')
    expect(writeQuery({ spin: `/${SECRET}`, token: 'SASS_abc' })).toBe('')
  })

  it.each(['__proto__', 'toString', 'network/toString', 'rate_limited/', '', '/'])('finds no error by %j', name => {
    expect(findWay(name)).toBeUndefined()
  })
})

describe('the list of links in demo/README.md', () => {
  const readme = readFileSync('demo/README.md', 'utf8')
  const listed = (words: string) => readme.includes(`\`${words}\``)

  it('has every parameter, and every value of those that have a choice', () => {
    const parameters = [...benchParameters, ...benchOfTabsParameters]
    expect(parameters.map(({ name }) => name).filter(name => !listed(name))).toEqual([])
    const choices = parameters.filter(({ name }) => !['widget', 'tab', 'tabs'].includes(name))
    const values = choices.flatMap(({ wanted, accepts }) => wanted.split(', ').filter(value => accepts(value)))
    expect(values.filter(value => /^[\w-]+$/.test(value) && !listed(value))).toEqual([])
  })

  it('has every error and all of its ways', () => {
    for (const code of codes) {
      const row = readme.split('\n').find(line => line.startsWith(`| \`#${code}\``))
      const ways = [...(row?.matchAll(/`([\w-]+)`/g) ?? [])].map(([, id]) => id)
      expect([code, ways]).toEqual([code, catalogue[code].ways.map(({ id }) => id)])
    }
  })
})
