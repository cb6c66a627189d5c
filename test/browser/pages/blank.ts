import * as lib from '../../../src/index.ts'

declare global {
  interface Window {
    /** The library's exports, for `page.evaluate`. */
    lib: typeof lib
  }
}

window.lib = lib
