/** The names of a key's claims in their order, and of each value only of what kind it is. */
export type ClaimShapes = Readonly<Record<string, string>>

/** An answer without keys, and without what tells one project from another. */
export interface RecordedResponse {
  readonly status: number
  /** Lower-case names. Of headers that say nothing about the interface, the value is `…`. */
  readonly headers: Readonly<Record<string, string>>
  /** Where it is JSON. */
  readonly body?: unknown
  /** Where it is something else; at most 64 kB. */
  readonly text?: string
  /** What a key in it claims, where it can be decoded. */
  readonly claims?: ClaimShapes | undefined
}

/** A request and its answer, as a file. Placeholders stand in braces: `{token}`, `{template}`, `{key}`, … */
export interface Fixture {
  /** Of this format. */
  readonly format: 1
  readonly probe: string
  readonly about: string
  readonly given?: 'limit' | 'expired'
  readonly recordedAt: string
  /** The API's origin. */
  readonly recordedFrom: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly hasContent?: true
  }
  readonly response: RecordedResponse
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown) => isObject(value) && Object.values(value).every(text => typeof text === 'string')

/**
 * Reads a fixture out of a file's text.
 *
 * @throws {TypeError} when it is none
 */
export function readFixture(text: string): Fixture {
  const value: unknown = JSON.parse(text)
  const isFixture =
    isObject(value) &&
    value['format'] === 1 &&
    typeof value['probe'] === 'string' &&
    isObject(value['request']) &&
    typeof value['request']['method'] === 'string' &&
    typeof value['request']['path'] === 'string' &&
    isTexts(value['request']['headers']) &&
    isObject(value['response']) &&
    typeof value['response']['status'] === 'number' &&
    isTexts(value['response']['headers'])
  if (!isFixture) throw new TypeError('This is no recording of format 1')
  return value as unknown as Fixture
}
