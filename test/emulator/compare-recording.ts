import { type Emulator, SEED } from '../../demo/emulator/index.ts'
import { exchange } from '../../src/cli/recording/exchange.ts'
import type { Fixture, RecordedResponse } from '../../src/cli/recording/fixture.ts'
import { createPlaceholders } from '../../src/cli/recording/placeholders.ts'
import { PROBES } from '../../src/cli/recording/probes.ts'

interface Running {
  readonly origin: string
  readonly emulator: Emulator
}

/** As they were sent: whether a key is the same again depends on it. */
const position = ({ probe }: Fixture) => PROBES.findIndex(({ name }) => name === probe)
const inOrder = (fixtures: readonly Fixture[]) =>
  [...fixtures].sort((a, b) => (position(a) === -1 ? 99 : position(a)) - (position(b) === -1 ? 99 : position(b)))

/**
 * Sends to an emulator what was sent to the service, and says in words where its answers are others.
 *
 * @param fixtures one whole recording
 */
export async function differences({ origin, emulator }: Running, fixtures: readonly Fixture[]): Promise<string[]> {
  const { token, templateId } = SEED
  const answer = (await (await fetch(`${origin}/${token}/key/${templateId}`)).json()) as { key: string }
  const placeholders = createPlaceholders({ token, templateId, folder: '/', key: answer.key })
  const found: string[] = []
  for (const { probe, given, request, response } of inOrder(fixtures)) {
    if (given === 'limit') emulator.useUpMinute({ token, templateId })
    if (given === 'expired') emulator.expireKeys()
    const sent = { ...request, method: request.method as 'GET' }
    const ours = await exchange(origin, sent, placeholders, 10_000)
    found.push(...responseDifferences(response, ours).map(words => `${probe}: ${words}`))
  }
  return found
}

function responseDifferences(theirs: RecordedResponse, ours: RecordedResponse): string[] {
  const found = headerDifferences(theirs.headers, ours.headers)
  if (theirs.status !== ours.status) found.unshift(`the service's status is ${theirs.status}, ours ${ours.status}`)
  if ((theirs.text === undefined) !== (ours.text === undefined)) found.push('one body is JSON, the other is not')
  const [theirClaims, ourClaims] = [claimNames(theirs), claimNames(ours)]
  if (theirClaims !== ourClaims) found.push(`the service's keys claim ${theirClaims}, ours ${ourClaims}`)
  return [...found, ...bodyDifferences('body', theirs.body, ours.body)]
}

/** Whether a key has these is the template's: they are there where uploads are limited. */
const OF_SOME_TEMPLATES = /^um(pm|ip)?$/

const claimNames = ({ claims = {} }: RecordedResponse) =>
  Object.keys(claims)
    .filter(name => !OF_SOME_TEMPLATES.test(name))
    .sort()
    .join(', ') || 'nothing'

/** What a browser, or this library, goes by. */
const COMPARED = /^(access-control-|content-type$|retry-after$|location$|date$)/
/** Of these only whether they are there, and of what kind: the value is the moment's. */
const kindOf = (name: string, value: string) =>
  name === 'retry-after' ? (/^\d+$/.test(value) ? 'seconds' : 'a date') : name === 'date' ? '…' : value

/** The order and the case of a list do not matter, nor a charset. */
const normal = (name: string, value: string) =>
  (name === 'content-type' ? value.split(';')[0]! : kindOf(name, value))
    .split(',')
    .map(item => item.trim().toLowerCase())
    .sort()
    .join(', ')

function headerDifferences(theirs: RecordedResponse['headers'], ours: RecordedResponse['headers']): string[] {
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours)].filter(name => COMPARED.test(name)))
  return [...names].flatMap(name => {
    const [their, our] = [theirs, ours].map(headers =>
      headers[name] === undefined ? 'absent' : normal(name, headers[name]),
    )
    return their === our ? [] : [`the service's ${name} is ${their}, ours ${our}`]
  })
}

const kind = (value: unknown) => (Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value)

/** A program judges by `status` and `code`; other texts and numbers are only to be of the same kind. */
const isExact = (path: string) => /^body\.(status|code|key)$/.test(path)
/** Which of the keys of a recording it is; how long it is differs from project to project. */
const keyNumber = (value: unknown) => String(value).replace(/^(SASS_.*?key\d+).*$/s, '$1')

function bodyDifferences(path: string, theirs: unknown, ours: unknown): string[] {
  if (theirs === undefined && ours === undefined) return []
  if (theirs === undefined) return [`only ours has ${path}`]
  if (ours === undefined) return [`only the service's has ${path}`]
  if (kind(theirs) !== kind(ours)) return [`the service's ${path} is ${kind(theirs)}, ours ${kind(ours)}`]
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    return theirs.length > 0 && ours.length > 0 ? bodyDifferences(`${path}[0]`, theirs[0], ours[0]) : []
  }
  if (kind(theirs) === 'object') {
    const [their, our] = [theirs, ours] as [Record<string, unknown>, Record<string, unknown>]
    const names = new Set([...Object.keys(their), ...Object.keys(our)])
    return [...names].flatMap(name => bodyDifferences(`${path}.${name}`, their[name], our[name]))
  }
  const [their, our] = [keyNumber(theirs), keyNumber(ours)]
  return isExact(path) && their !== our ? [`the service's ${path} is ${their}, ours ${our}`] : []
}
