import { BlockList, isIP } from 'node:net'
import { Refusal } from './refusal.ts'
import type { Template } from './templates.ts'

/** Tells the country of an address, for example `'DE'`; `undefined` where it is not known. */
export type CountryOf = (address: string) => string | undefined

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Whether this is an address, or a range such as `10.0.0.0/8`. */
export function isSourceRange(range: string): boolean {
  const [address = '', bits] = range.split('/')
  if (isIP(address) === 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32))
}

function isInRange(address: string, range: string): boolean {
  if (isIP(address) === 0) return false
  const [base = '', bits] = range.split('/')
  const list = new BlockList()
  if (bits === undefined) list.addAddress(base, family(base))
  else list.addSubnet(base, Number(bits), family(base))
  return list.check(address, family(address))
}

/** Refuses an address outside the template's ranges or countries. An address of unknown country is outside. */
export function assertSourceAllowed(template: Template, address: string, countryOf: CountryOf): void {
  const { sourceIpRanges, countries } = template
  const country = countries.length > 0 ? countryOf(address) : undefined
  const isInside =
    (sourceIpRanges.length === 0 || sourceIpRanges.some(range => isInRange(address, range))) &&
    (countries.length === 0 || (country !== undefined && countries.includes(country)))
  if (!isInside) throw new Refusal(403, 'SOURCE_NOT_ALLOWED', 'This source address is not allowed by the template')
}
