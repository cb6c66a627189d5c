import { isPermission, type Permission } from './permissions.ts'
import { isSourceRange } from './source-scope.ts'

/** A Security Template: what the keys made from it may do. Limits that are left out do not limit. */
export interface Template {
  /** `SECU_` and 32 hexadecimal digits. */
  readonly id: string
  /** The project it belongs to. */
  readonly token: string
  /** What its keys may do. */
  readonly permissions: readonly Permission[]
  /** How long a key lives. @default 1200 */
  readonly validitySeconds: number
  /** How often a key may be asked for by one address. @default 5 */
  readonly keyRequestsPerMinute: number
  /** Addresses and ranges (`10.0.0.0/8`) from which keys may be asked for and used; none means all. */
  readonly sourceIpRanges: readonly string[]
  /** Two-letter countries; none means all. */
  readonly countries: readonly string[]
  /** Limits of uploads; a number that is absent is no limit. */
  readonly upload: {
    readonly perMinute?: number
    readonly perSourceIp?: number
    readonly total?: number
    /** @default 500 MB */
    readonly fileSizeBytes: number
    /** `/folder/*` means its sub-folders too; none means everywhere. */
    readonly folders: readonly string[]
  }
  /** Limits of lists. */
  readonly listing: {
    readonly calls?: number
    /** `/folder/*` means its sub-folders too; none means everywhere. */
    readonly folders: readonly string[]
  }
}

type Given = Record<string, unknown>

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isList = (item: (value: string) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(entry => typeof entry === 'string' && item(entry))
const isFolders = isList(folder => folder.startsWith('/'))

const FIELDS: Record<string, (value: unknown) => boolean> = {
  id: value => typeof value === 'string' && /^SECU_[0-9a-f]{32}$/i.test(value),
  token: value => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
  permissions: isList(isPermission),
  validitySeconds: value => isCount(value) && value !== 0,
  keyRequestsPerMinute: isCount,
  sourceIpRanges: isList(isSourceRange),
  countries: isList(country => /^[A-Z]{2}$/.test(country)),
  upload: isObject,
  listing: isObject,
  'upload.perMinute': isCount,
  'upload.perSourceIp': isCount,
  'upload.total': isCount,
  'upload.fileSizeBytes': isCount,
  'upload.folders': isFolders,
  'listing.calls': isCount,
  'listing.folders': isFolders,
}

/** Names of the fields that are unknown or of the wrong form. */
function wrongFields(given: Given, prefix = ''): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const field = FIELDS[prefix + name]
    if (!field?.(value)) return [prefix + name]
    return isObject(value) ? wrongFields(value, `${name}.`) : []
  })
}

const DEFAULTS = {
  permissions: [],
  validitySeconds: 1200,
  keyRequestsPerMinute: 5,
  sourceIpRanges: [],
  countries: [],
} as const

/** A template as it is given: everything but the identifiers may be left out. */
export type TemplateInput = Pick<Template, 'id' | 'token'> &
  Partial<Omit<Template, 'upload' | 'listing'>> & {
    readonly upload?: Partial<Template['upload']>
    readonly listing?: Partial<Template['listing']>
  }

export const makeTemplate = (input: TemplateInput): Template => ({
  ...DEFAULTS,
  ...input,
  upload: { fileSizeBytes: 500_000_000, folders: [], ...input.upload },
  listing: { folders: [], ...input.listing },
})

/** A template out of JSON, or the names of the fields that are wrong. */
export function parseTemplate(json: unknown): { template: Template } | { wrong: string[] } {
  if (!isObject(json)) return { wrong: ['template'] }
  const wrong = wrongFields(json)
  for (const name of ['id', 'token']) if (json[name] === undefined) wrong.push(name)
  return wrong.length > 0 ? { wrong } : { template: makeTemplate(json as unknown as TemplateInput) }
}
