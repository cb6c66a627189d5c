import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** Changes a source file of the library before it is compiled: `file` is `'src/…'`. For the proof that a test can fail. */
export type Mutate = (code: string, file: string) => string

/** Has a build make such a change. */
export function mutation(mutate: Mutate | undefined): Plugin {
  const root = fileURLToPath(new URL('..', import.meta.url))
  return {
    name: 'mutation',
    enforce: 'pre',
    transform: (code, id) => (mutate && id.startsWith(`${root}src/`) ? mutate(code, id.slice(root.length)) : null),
  }
}

/** One change of a text that has to stand once in `file`: `count` says how often it stood there. */
export function mistake(file: string, right: string, wrong: string) {
  let count = 0
  const mutate: Mutate = (code, path) => {
    if (path !== file) return code
    count += code.split(right).length - 1
    return code.replace(right, wrong)
  }
  return { mutate, count: () => count }
}
