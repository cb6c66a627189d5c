// A reporter for Vitest that shows at the end what passed in which engine and with which build of the library, and writes
// it to `reports/`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { makeMatrix, matrixInMarkdown } from './engine-matrix.mjs'
import { onlyInChromium } from './only-in-chromium.mjs'

const folder = fileURLToPath(new URL('../reports/', import.meta.url))

export default class MatrixReporter {
  onTestRunEnd(testModules) {
    const tests = testModules.flatMap(module => [...module.children.allTests()].map(endedTest))
    const matrix = makeMatrix(tests, onlyInChromium, process.env.TEST_BUILD || 'minified')
    if (matrix.rows.length === 0) return
    const text = matrixInMarkdown(matrix)
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}engine-matrix.json`, `${JSON.stringify(matrix, undefined, 2)}\n`)
    writeFileSync(`${folder}engine-matrix.md`, `# What passed in which engine\n\n${text}`)
    console.log(`\nWhat passed in which engine (reports/engine-matrix.md):\n\n${text}`)
  }
}

function endedTest(test) {
  const { state, note } = test.result()
  return {
    project: test.project.name,
    file: test.module.relativeModuleId,
    fullName: test.fullName,
    // One that was not come to, as its browser did not start or its file broke, has not passed, nor was it left out.
    state: state === 'pending' || hasBrokenSuite(test) ? 'failed' : state,
    note,
  }
}

/** Vitest counts such a test as skipped. */
function hasBrokenSuite({ parent }) {
  for (let suite = parent; suite; suite = suite.parent) if (suite.errors().length > 0) return true
  return false
}
