import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, it } from 'vitest'
import { readPage } from '../unit/docs/documentation.ts'
import { output } from './process.ts'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const folder = join(inject('appFolder'), 'testing-docs')

const examples = readPage('docs/testing.md').blocks.filter(({ code }) => code.includes("from 'vitest'"))

/** Beside the app, which has none: an app with a test runner. */
beforeAll(() => {
  mkdirSync(folder)
  cpSync(join(inject('appFolder'), 'node_modules'), join(folder, 'node_modules'), { recursive: true })
  symlinkSync(inProject('node_modules/vitest'), join(folder, 'node_modules/vitest'), 'junction')
  examples.forEach(({ code }, n) => writeFileSync(join(folder, `example-${n}.test.ts`), code))
})

it('the examples of docs/testing.md for Vitest pass as they stand, with the installed package', () => {
  expect(examples).toHaveLength(2)
  const vitest = inProject('node_modules/vitest/vitest.mjs')
  const report = output(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json'], folder)
  expect(JSON.parse(report)).toMatchObject({ success: true, numPassedTests: 3, numTotalTests: 3 })
})
