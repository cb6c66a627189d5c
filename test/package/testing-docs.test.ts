import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, it } from 'vitest'
import { output } from './process.ts'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const folder = join(inject('appFolder'), 'testing-docs')

/** The part of Playwright's test runner that the page uses; the runner itself is not installed here. */
const playwright = `
declare module '@playwright/test' {
  import type { Locator, Page } from 'playwright-core'
  type Fixtures<Own> = { [Name in keyof Own]: (given: { page: Page } & Own, use: (value: Own[Name]) => Promise<void>) => Promise<void> }
  interface Test<Own> {
    (name: string, body: (given: { page: Page } & Own) => Promise<void>): void
    extend<More>(fixtures: Fixtures<More>): Test<Own & More>
  }
  export const test: Test<{}>
  export const expect: {
    (locator: Locator): { toContainText(text: string): Promise<void> }
    poll<Value>(read: () => Value): { toEqual(value: Value): Promise<void> }
  }
  export function defineConfig<Config extends { webServer?: { command: string, url: string, reuseExistingServer?: boolean } }>(config: Config): Config
}
`

const examples = [...readFileSync(inProject('docs/testing.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, code]) => code!,
)
const forVitest = examples.filter(code => code.includes("from 'vitest'"))

/** Beside the app, which has none: an app with a test runner. */
beforeAll(() => {
  mkdirSync(folder)
  cpSync(join(inject('appFolder'), 'node_modules'), join(folder, 'node_modules'), { recursive: true })
  for (const name of ['vitest', 'playwright-core', '@types']) {
    symlinkSync(inProject(`node_modules/${name}`), join(folder, 'node_modules', name), 'junction')
  }
  writeFileSync(join(folder, 'playwright.d.ts'), playwright)
  examples.forEach((code, n) =>
    writeFileSync(join(folder, `example-${n}.${forVitest.includes(code) ? 'test.' : ''}ts`), code),
  )
})

it('the examples of docs/testing.md compile', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4)
  const options = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', strict: true, noEmit: true }
  const compilerOptions = { ...options, skipLibCheck: true, moduleDetection: 'force', types: ['node'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  expect(output(process.execPath, [inProject('node_modules/typescript/bin/tsc'), '-p', folder], folder)).toBe('')
})

it('those for Vitest pass as they stand, with the installed package', () => {
  expect(forVitest).toHaveLength(2)
  const vitest = inProject('node_modules/vitest/vitest.mjs')
  const report = output(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json'], folder)
  expect(JSON.parse(report)).toMatchObject({ success: true, numPassedTests: 3, numTotalTests: 3 })
})
