type Programs<Name extends string> = Record<Name, string | undefined>

/** The programs that each engine needs, by name; `undefined` where one is not there. Chromium itself is in `chromium.mjs`. */
export function findEngines(): {
  Chromium: Programs<'chromedriver'>
  Firefox: Programs<'firefox'>
  WebKitGTK: Programs<'driver' | 'xvfb' | 'python'>
}

/** Installs what is absent, where that can be done. */
export function installEngines(): void
