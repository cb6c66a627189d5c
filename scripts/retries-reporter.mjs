/** A reporter for Vitest that lists the tests that passed at a further try, and what the tries before failed of. */
export default class RetriesReporter {
  onTestRunEnd(testModules) {
    const passed = testModules.flatMap(module => [...module.children.allTests('passed')])
    const flaky = passed.filter(test => test.diagnostic()?.flaky)
    if (flaky.length === 0) return
    console.log('\nPassed at the second try:')
    for (const test of flaky) {
      const reasons = (test.result().errors ?? []).map(({ message }) => message.split('\n')[0])
      console.log(
        `  [${test.project.name}] ${test.module.relativeModuleId}, ${test.fullName}: ${reasons.join('; ') || 'no reason known'}`,
      )
    }
  }
}
