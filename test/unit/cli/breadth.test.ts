// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { type KeyFacts, tooBroad } from '../../../src/cli/breadth.ts'
import type { KeyClaims } from '../../../src/types.ts'

const none: KeyClaims = {
  domains: [],
  uploadFolders: [],
  listFolders: [],
  allowedIps: [],
  allowedCountries: [],
  other: {},
}
const narrow: KeyFacts = {
  claims: { ...none, uploadFolders: ['/inbox'], listFolders: ['/inbox/*'], maxUploadsPerMinute: 10 },
  permissions: ['OBJECTS_LIST', 'FILE_UPLOAD'],
  lifetimeSeconds: 1200,
}
const about = (facts: Partial<KeyFacts>) => tooBroad({ ...narrow, ...facts }).map(({ about }) => about)

describe('what looks too broad', () => {
  it('is nothing in a key for one folder and a number of files', () => {
    expect(tooBroad(narrow)).toEqual([])
  })

  it('is uploading everywhere, and any number of files', () => {
    const claims = { ...none, listFolders: ['/doc'] }
    expect(about({ claims })).toEqual(['uploads', 'uploads'])
    expect(about({ claims: { ...claims, uploadFolders: ['/*'], maxUploads: 5 } })).toEqual(['uploads'])
    expect(about({ claims: { ...claims, uploadFolders: ['/a'], maxUploadsPerIp: 5 } })).toEqual([])
  })

  it('is listing everywhere', () => {
    expect(about({ claims: { ...narrow.claims!, listFolders: [] } })).toEqual(['listing'])
  })

  it('is not what the key is known to be unable to do', () => {
    expect(about({ claims: none, permissions: ['OBJECTS_LIST'] })).toEqual(['listing'])
    expect(about({ claims: none, permissions: ['FILE_UPLOAD'] })).toEqual(['uploads', 'uploads'])
    expect(about({ claims: none, permissions: [] })).toEqual([])
  })

  it('is said with a condition where the permissions are not known', () => {
    const messages = tooBroad({ claims: none, lifetimeSeconds: 60 }).map(({ message }) => message)
    expect(messages).toHaveLength(3)
    for (const message of messages) expect(message).toContain('if it is permitted at all')
    const known = tooBroad({ ...narrow, claims: none }).map(({ message }) => message)
    expect(known.join()).not.toContain('if')
  })

  it.each([
    'FILE_DELETE',
    'DIR_DELETE',
    'FILE_MOVE',
    'DIR_RENAME',
    'FILE_META_CHANGE',
    'DIR_SET_VISIBILITY',
    'CONFIG_CHANGE',
  ])('is a permission to change what is there: %s', permission =>
    expect(about({ permissions: [...narrow.permissions!, permission] })).toEqual(['permissions']),
  )

  it.each(['OBJECTS_FETCH', 'FILE_META_CREATE', 'DIR_CREATE', 'CONFIG_LIST'])(
    'is not a permission to add or read: %s',
    permission => expect(about({ permissions: [...narrow.permissions!, permission] })).toEqual([]),
  )

  it('is a lifetime of more than an hour', () => {
    expect(about({ lifetimeSeconds: 3600 })).toEqual([])
    expect(about({ lifetimeSeconds: 3601 })).toEqual(['lifetime'])
  })

  it('cannot be told of a key that does not decode, which is said', () => {
    expect(about({ claims: undefined })).toEqual(['contents'])
  })
})
