import { pathOf, type StoredFile } from './file-store.ts'
import { Refusal } from './refusal.ts'

const SORT_KEYS: Record<string, (file: StoredFile) => string | number> = {
  name: file => file.name,
  filename: file => file.name,
  type: file => file.type,
  size: file => file.body.bytes().byteLength,
  created_at: file => file.createdAtMs,
  updated_at: file => file.modifiedAtMs,
  modified_at: file => file.modifiedAtMs,
}

function compare(a: string | number, b: string | number): number {
  // Numbers in names count as numbers: gem-2 stands before gem-10.
  if (typeof a === 'string') return a.localeCompare(`${b}`, 'en', { numeric: true })
  return a - Number(b)
}

/** Sorts by `name:asc` or `name,asc`, as v5 and v4 write it; by path where nothing or something unknown is asked for. */
export function sorted(files: StoredFile[], order: string | undefined): StoredFile[] {
  const [by = '', direction = 'asc'] = (order ?? '').split(/[:,]/)
  const keyOf = SORT_KEYS[by] ?? pathOf
  const sign = direction === 'desc' ? -1 : 1
  const inOrder = Array.from(files)
  inOrder.sort((a, b) => sign * (compare(keyOf(a), keyOf(b)) || compare(pathOf(a), pathOf(b))))
  return inOrder
}

function whole(text: string | undefined, name: string, initial: number): number {
  if (text === undefined || text === '') return initial
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, 'ERR_PARAMETER_INVALID', `${name} must be a number, 0 or more`)
  return Number(text)
}

/** The part of a list that `offset` and `limit` ask for. */
export function page<Item>(items: Item[], offset: string | undefined, limit: string | undefined): Item[] {
  const from = whole(offset, 'offset', 0)
  return items.slice(from, from + whole(limit, 'limit', 100))
}
