export type EngineName = 'Chromium' | 'Firefox' | 'WebKitGTK'

/**
 * What the pages of a test load: the library's modules, bundled and not minified; or the minified files as they are
 * published, for a script tag and for a site to host.
 */
export type Build = 'modules' | 'minified'

export const engineNames: EngineName[]
export const builds: Build[]

/** The title of all tests in an engine, and within it that of all with a build: by them the matrix knows where a test ran. */
export function engineTitle(engine: EngineName): string
export function buildTitle(build: Build): string

/** A test that came to its end. */
export interface EndedTest {
  /** The name of Vitest's project. */
  project: string
  /** Relative to the root of the repository. */
  file: string
  /** All titles, with ` > ` between them. */
  fullName: string
  state: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  note?: string | undefined
}

/** Files of tests by Playwright, which run in Chromium alone. */
export interface OnlyInChromium {
  /** What they are called in the matrix. */
  group: string
  files: RegExp
  /** Why they are not run elsewhere. */
  reason: string
  /** What they load, whatever the others do; `'app'`: an app with the modules in it, minified by its bundler. */
  build?: Build | 'app'
}

/** Where a test ran; `undefined` where it is none in a browser. `pagesBuild` is what pages of Playwright's tests load. */
export function placeOf(
  test: Pick<EndedTest, 'project' | 'file' | 'fullName'>,
  onlyInChromium: OnlyInChromium[],
  pagesBuild: Build,
): { group: string; engine: EngineName; build: Build | 'app' } | undefined

interface Counts {
  passed: number
  failed: number
  skipped: number
}

export interface Matrix {
  /** `'Firefox, minified'`. */
  columns: string[]
  /** A row has no cell for a column in which nothing of it was run. */
  rows: { group: string; cells: Record<string, Counts> }[]
  skipped: { reason: string; where: { place: string; tests: number }[] }[]
  onlyInChromium: { group: string; reason: string }[]
}

export function makeMatrix(tests: EndedTest[], onlyInChromium: OnlyInChromium[], pagesBuild: Build): Matrix

export function matrixInMarkdown(matrix: Matrix): string
