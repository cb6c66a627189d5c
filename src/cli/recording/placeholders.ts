import { ACCESS_KEY } from '../../claims.js'
import { own } from '../../untrusted.js'
import type { Place } from '../asking.js'

/** What a recording is made with. */
export interface Subject extends Pick<Place, 'token' | 'templateId'> {
  readonly key: string
  /** One that the key may list. */
  readonly folder: string
}

/** Puts a project's own values into requests, and takes them out of answers. */
export interface Placeholders {
  /** `'/{token}/key/{template}'` → `'/fdemo42x/key/SECU_…'` */
  fill(text: string): string
  /** The other way round, through and through. A key becomes one of the same shape that nobody can use. */
  hide(value: unknown): unknown
  /** The first key of an answer's body, to be hidden from now on. */
  learnKey(body: unknown): string | undefined
  /** Whether something of a key can still be read in a text. */
  leaks(text: string): boolean
}

const WRONG_TOKEN = 'no-such-project'
const WRONG_TEMPLATE = `SECU_${'0'.repeat(32)}`
/** Whoever knows this much of a key knows more than its common beginning. */
const TELLING_LENGTH = 16

/** Any other key that an answer may hold; `ERR_SASS_INVALID` is none. */
const ANY_KEY = /(?<!ERR_)SASS_[\w+/=.~\\-]{12,}/g

const splitKey = (key: string) =>
  /^(SASS_(?:_v[\d.]+__)?)(.*?)(__[\da-f]*)?$/s.exec(key)!.slice(1) as [string, string, string?]

/** One character is another one, in the middle of what is signed. */
function altered(key: string): string {
  const [prefix, payload, suffix = ''] = splitKey(key)
  const at = Math.floor(payload.length / 2)
  return `${prefix}${payload.slice(0, at)}${payload[at] === 'A' ? 'B' : 'A'}${payload.slice(at + 1)}${suffix}`
}

/** `SASS__v1.05__key1xxxx…__0000…`: as long as the key, and with the same parts. */
function standIn(key: string, number: number): string {
  const [prefix, payload, suffix = ''] = splitKey(key)
  return `${prefix}${`key${number}`.padEnd(payload.length, 'x')}${suffix.replace(/[\da-f]/g, '0')}`
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export function createPlaceholders({ token, templateId, folder, key }: Subject): Placeholders {
  const keys: string[] = []
  const replacements: [found: RegExp, placeholder: string][] = []
  const learn = (secret: string, placeholder: string) => {
    // As it is, as it stands in an address, and as JSON within a text may have it.
    for (const form of [secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')]) {
      replacements.push([new RegExp(escaped(form), 'g'), placeholder])
    }
    keys.push(secret)
  }
  learn(key, standIn(key, 1))
  learn(altered(key), '{altered key}')

  const values: Record<string, string> = {
    token,
    template: templateId,
    folder: encodeURIComponent(folder),
    key,
    'altered key': altered(key),
    'wrong token': WRONG_TOKEN,
    'wrong template': WRONG_TEMPLATE,
  }
  const names: [RegExp, string][] = [
    [new RegExp(escaped(templateId), 'gi'), '{template}'],
    [new RegExp(escaped(WRONG_TEMPLATE), 'gi'), '{wrong template}'],
    [new RegExp(`(?<![\\w-])${escaped(token)}(?![\\w-])`, 'g'), '{token}'],
    [new RegExp(`(?<![\\w-])${WRONG_TOKEN}(?![\\w-])`, 'g'), '{wrong token}'],
  ]
  const standIns = () => replacements.map(([, placeholder]) => placeholder)
  const hideText = (text: string) =>
    [...replacements, ...names]
      .reduce((rest, [found, placeholder]) => rest.replace(found, placeholder), text)
      .replace(ANY_KEY, found => (standIns().includes(found) ? found : 'SASS_…'))

  const placeholders: Placeholders = {
    fill: text => text.replace(/\{([a-z ]+)\}/g, (whole, name: string) => values[name] ?? whole),
    hide(value) {
      if (typeof value === 'string') return hideText(value)
      if (Array.isArray(value)) return value.map(placeholders.hide)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [hideText(name), placeholders.hide(item)]))
    },
    learnKey(body) {
      const found = own(body, 'key')
      if (typeof found !== 'string' || !ACCESS_KEY.test(found)) return undefined
      // The altered one is among them; it has no number.
      if (!keys.includes(found)) learn(found, standIn(found, keys.length))
      return found
    },
    leaks: text =>
      keys.some(secret =>
        splitKey(secret)
          .slice(1)
          .some(part => holdsPartOf(text, part ?? '')),
      ),
  }
  return placeholders
}

function holdsPartOf(text: string, secret: string): boolean {
  for (let at = 0; at + TELLING_LENGTH <= secret.length; at++) {
    if (text.includes(secret.slice(at, at + TELLING_LENGTH))) return true
  }
  return false
}
