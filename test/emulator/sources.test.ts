import { describe, expect, test } from 'vitest'
import { refusal, startForTest, wideTemplate } from './fixture.ts'

const LIST = '/v4/files?folder=/inbox'

describe('where a template may be used from', () => {
  test('addresses outside its ranges get no key and cannot use one', async () => {
    const { emulator } = await startForTest()
    emulator.putTemplate({ ...wideTemplate, sourceIpRanges: ['10.1.0.0/16', '2001:db8::/32'] })
    const from = (address: string, path: string, headers = {}) =>
      emulator.app.request(`/${wideTemplate.token}${path}`, { headers }, { address })
    const response = await from('10.1.2.3', `/key/${wideTemplate.id}`)
    const { key } = (await response.json()) as { key: string }
    expect((await from('2001:db8::7', LIST, { 'X-Filerobot-Key': key })).status).toBe(200)
    expect((await from('10.2.0.1', LIST, { 'X-Filerobot-Key': key })).status).toBe(403)
    expect((await refusal(await from('10.2.0.1', `/key/${wideTemplate.id}`))).code).toBe('SOURCE_NOT_ALLOWED')
  })

  test('an address of another country, or of none known, is refused', async () => {
    const { emulator } = await startForTest({ countryOf: address => ({ '10.0.0.1': 'DE', '10.0.0.2': 'FR' })[address] })
    emulator.putTemplate({ ...wideTemplate, countries: ['DE'] })
    const statuses = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(
      async address =>
        (await emulator.app.request(`/${wideTemplate.token}/key/${wideTemplate.id}`, {}, { address })).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 403, 403])
  })
})

describe('where a caller is', () => {
  const from = (callerAddress: string, callerCountry = '') => ({ callerAddress, callerCountry })

  test('may be switched, for templates with ranges and countries', async () => {
    const { emulator, requestKey, obtainKey, api } = await startForTest()
    emulator.putTemplate({ ...wideTemplate, sourceIpRanges: ['203.0.113.0/24'], countries: ['DE'] })
    const status = async () => (await requestKey(wideTemplate.id)).status
    expect(await status()).toBe(403)
    emulator.setFaults(from('203.0.113.9', 'FR'))
    expect(await status()).toBe(403)
    emulator.setFaults(from('203.0.114.9', 'DE'))
    expect(await status()).toBe(403)
    emulator.setFaults(from('203.0.113.9', 'DE'))
    const key = await obtainKey(wideTemplate.id)
    expect((await api(LIST, key)).status).toBe(200)
    emulator.setFaults(from('198.51.100.1', 'DE'))
    expect((await refusal(await api(LIST, key))).code).toBe('SOURCE_NOT_ALLOWED')
  })

  test('may be switched, for the five a minute of an address', async () => {
    const { emulator, requestKey } = await startForTest()
    const statuses = async (count: number) => {
      const seen: number[] = []
      for (let i = 0; i < count; i++) seen.push((await requestKey()).status)
      return seen
    }
    expect(await statuses(6)).toEqual([200, 200, 200, 200, 200, 429])
    emulator.setFaults(from('2001:db8::7'))
    expect(await statuses(1)).toEqual([200])
  })

  test.each([
    { callerAddress: '10.0.0' },
    { callerAddress: 'localhost' },
    { callerCountry: 'de' },
    { callerCountry: 'DEU' },
  ])('is refused where it cannot be: %o', async wrong => {
    const { emulator } = await startForTest()
    expect(() => emulator.setFaults(wrong)).toThrow(Object.keys(wrong)[0])
  })
})
