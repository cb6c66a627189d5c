/** A reporter for Vitest that lists the tests that were skipped, and why: a skip without a reason is a gap. */
export default class SkipsReporter {
  onTestRunEnd(testModules) {
    const skipped = testModules.flatMap(module => [...module.children.allTests('skipped')])
    if (skipped.length === 0) return
    console.log('\nSkipped:')
    for (const test of skipped) {
      const { note } = test.result()
      console.log(`  [${test.project.name}] ${test.fullName}: ${note ?? 'no reason given'}`)
    }
  }
}
