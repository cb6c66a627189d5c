import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodePayload, encodePayload, isSignedWith, signKey, splitKey } from '../../demo/emulator/key-codec.ts'
import { PERMISSIONS, permissionMask } from '../../demo/emulator/permissions.ts'

interface PublishedKey {
  key: string
  claims: Record<string, string | string[]> | null
}

const published = JSON.parse(
  readFileSync(new URL('../vectors/access-keys.json', import.meta.url), 'utf8'),
) as PublishedKey[]

describe('the published keys', () => {
  const whole = published.filter(({ claims }) => claims !== null)
  const cutOff = published.filter(({ claims }) => claims === null)

  test.each(whole)('a whole one decodes to its claims', ({ key, claims }) => {
    expect(Object.fromEntries(decodePayload(splitKey(key)?.payload ?? '') ?? [])).toEqual(claims)
  })

  test.each(whole)('its claims encode to the same characters again', ({ key }) => {
    const payload = splitKey(key)?.payload ?? ''
    expect(encodePayload(decodePayload(payload) ?? [])).toBe(payload)
  })

  test.each(cutOff)('one that is cut off in print is not taken for a key', ({ key }) => {
    expect(splitKey(key)).toBeUndefined()
  })
})

test('lists of none, one and several survive the way there and back', () => {
  const claims: [string, string | string[]][] = [
    ['none', []],
    ['one', ['/a']],
    ['several', ['/a', '/b/*', '/ü']],
    ['text', ''],
  ]
  expect(decodePayload(encodePayload(claims))).toEqual(claims)
})

test('what is no payload decodes to nothing', () => {
  for (const payload of ['', '!', 'AAAA', '0'.repeat(40)]) expect(decodePayload(payload)).toBeUndefined()
})

test('a signature holds for its secret and its payload only', () => {
  const key = signKey(encodePayload([['st', '1']]), 'secret')
  expect(isSignedWith(key, 'secret')).toBe(true)
  expect(isSignedWith(key, 'another')).toBe(false)
  const altered = encodePayload([['st', '2']])
  expect(isSignedWith(`SASS__v1.05__${altered}__${splitKey(key)?.suffix}`, 'secret')).toBe(false)
  expect(isSignedWith(key.replace(/__[0-9a-f]*$/, '__'), 'secret')).toBe(false)
})

test('a mask of permissions may be too large for a number', () => {
  expect(permissionMask(['OBJECTS_LIST'])).toBe(1n)
  expect(permissionMask(PERMISSIONS)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
})
