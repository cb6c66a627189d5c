import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import { type Claims, encodePayload, isSignedWith, signKey, splitKey, unsignedKey } from './key-codec.ts'
import { permissionMask } from './permissions.ts'
import { Refusal } from './refusal.ts'
import type { Template } from './templates.ts'

/** A key and what it was made with: as with the real ones, a template changed later does not change it. */
export interface IssuedKey {
  readonly key: string
  readonly template: Template
  readonly startSeconds: number
  readonly ageSeconds: number
  /** Whether it was ended before its time. */
  ended?: 'expired' | 'revoked'
  listCalls: number
}

export interface KeyRegister {
  issue(template: Template): IssuedKey
  /** The key that was made last from a template, if any, dead or not. */
  newest(template: Template): IssuedKey | undefined
  /** @throws {Refusal} `KEY_EXPIRED`, or `ERR_SASS_INVALID` for a forged, altered, revoked or foreign key */
  check(key: string, token: string): IssuedKey
  endAll(as: 'expired' | 'revoked'): void
}

/** Tells keys apart in a log without showing them. */
export const keyLabel = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 8)

function claimsOf(template: Template, startSeconds: number, ageSeconds: number): Claims {
  const { upload, listing } = template
  const limits: [string, number | undefined][] = [
    ['um', upload.total],
    ['umpm', upload.perMinute],
    ['umip', upload.perSourceIp],
  ]
  return [
    ['st', `${startSeconds}`],
    ['udir', [...upload.folders]],
    ['wip', [...template.sourceIpRanges]],
    ['wc', [...template.countries]],
    ['age', `${ageSeconds}`],
    ['ldir', [...listing.folders]],
    ['d', [`api.filerobot.com/${template.token}`]],
    ['sec', template.id],
    ...limits.flatMap(([name, value]): Claims => (value === undefined ? [] : [[name, `${value}`]])),
    ['p', `${permissionMask(template.permissions)}`],
    // What `fid` means is unknown. Random, it makes keys differ that were made in the same second.
    ['fid', randomBytes(8).toString('hex')],
  ]
}

/** A payload that says nothing: random bytes are not UTF-8 text with a colon in every part. */
const opaquePayload = () => `0${randomBytes(90).toString('hex')}`

export function createKeyRegister(clock: Clock, faults: () => Faults): KeyRegister {
  const secret = randomBytes(32).toString('hex')
  const issued = new Map<string, IssuedKey>()
  const newest = new Map<Template, IssuedKey>()

  const isExpired = (entry: IssuedKey) =>
    entry.ended === 'expired' || clock.wallMs() >= (entry.startSeconds + entry.ageSeconds) * 1000

  /** In which field the word stands is not known: the vendor's clients look into both. */
  function refusal(status: number, word: string, hint: string): Refusal {
    const { refusalWordIn } = faults()
    const code = refusalWordIn === 'msg' ? 'ERR_REFUSED' : word
    return new Refusal(status, code, refusalWordIn === 'code' ? hint : word, hint)
  }

  return {
    newest: template => newest.get(template),

    issue(template) {
      const { sameKeyAgain, validitySeconds, claimsInKey, claimedAgeSeconds, suffixInKey } = faults()
      const known = newest.get(template)
      if (sameKeyAgain && known && !known.ended && !isExpired(known)) return known

      const startSeconds = Math.floor(clock.wallMs() / 1000)
      const ageSeconds = validitySeconds || template.validitySeconds
      const payload = claimsInKey
        ? encodePayload(claimsOf(template, startSeconds, claimedAgeSeconds || ageSeconds))
        : opaquePayload()
      const key = suffixInKey ? signKey(payload, secret) : unsignedKey(payload)
      const entry: IssuedKey = { key, template, startSeconds, ageSeconds, listCalls: 0 }
      issued.set(key, entry)
      newest.set(template, entry)
      return entry
    },

    check(key, token) {
      // Without a signature there is only the register to tell a key from one that was made up.
      const mayBeOurs = splitKey(key)?.suffix === '' || isSignedWith(key, secret)
      const entry = mayBeOurs ? issued.get(key) : undefined
      if (!entry || entry.ended === 'revoked' || entry.template.token !== token)
        throw refusal(faults().invalidStatus, 'ERR_SASS_INVALID', 'This key is not valid')
      if (isExpired(entry)) throw refusal(faults().expiredStatus, 'KEY_EXPIRED', 'This key has expired')
      return entry
    },

    endAll(as) {
      // Expiring does not revive what was revoked.
      for (const entry of issued.values()) if (entry.ended !== 'revoked') entry.ended = as
    },
  }
}
