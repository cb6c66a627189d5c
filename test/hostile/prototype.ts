import { expect } from 'vitest'

const names = Object.getOwnPropertyNames(Object.prototype).length
const symbols = Object.getOwnPropertySymbols(Object.prototype).length

/** Nothing was put on the prototype of all objects. */
export function expectCleanPrototype(): void {
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(names)
  expect(Object.getOwnPropertySymbols(Object.prototype)).toHaveLength(symbols)
}

/** Does `work` in a page whose `Object.prototype` has these properties, as a merge of foreign JSON would put them there. */
export async function polluted<T>(properties: object, work: () => Promise<T>): Promise<T> {
  const added = Object.entries(properties)
  for (const [name, value] of added) {
    // Not by its name: no code that is checked may do this.
    Reflect.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
  }
  try {
    return await work()
  } finally {
    for (const [name] of added) Reflect.deleteProperty(Object.prototype, name)
  }
}
