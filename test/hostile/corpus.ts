import { readFileSync } from 'node:fs'

/** An input that something was known to stumble over, or might. */
export interface Named<T> {
  name: string
  /** Why it is there. */
  why: string
  value: T
  /** The value is repeated so often: what is large is not written out. */
  times?: number
  /** Of a key: `value` is what stands in it, before it is encoded. */
  inside?: boolean
  /** Of a key: its characters are bytes. */
  latin1?: boolean
  /** Of an answer: `%s` stands for so many lists in one another. */
  nest?: number
}

/** The inputs of one kind, each with its name for `it.each`. */
export function corpus<T>(kind: string): [name: string, input: Named<T>][] {
  const text = readFileSync(`test/hostile/corpus/${kind}.json`, 'utf8')
  return (JSON.parse(text) as Named<T>[]).map(input => [input.name, input])
}
