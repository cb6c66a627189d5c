const firstLine = ({ message }) => message.split('\n')[0]

/**
 * A reporter for Vitest that says at once which test failed, also at its first try: a file tells its own at its end. At
 * the end it lists those that passed at the second one.
 */
export default class RetriesReporter {
  onTestCaseResult(test) {
    if (test.result().state === 'failed') console.log(`Failed: ${this.#describe(test)}`)
    else if (test.diagnostic()?.flaky) console.log(`Passed at the second try: ${this.#describe(test)}`)
  }
  onTestRunEnd(testModules) {
    const flaky = testModules
      .flatMap(module => [...module.children.allTests('passed')])
      .filter(test => test.diagnostic()?.flaky)
    if (flaky.length > 0) console.log('\nPassed at the second try:')
    for (const test of flaky) console.log(`  ${this.#describe(test)}`)
  }

  #describe(test) {
    const reasons = (test.result().errors ?? []).map(firstLine).join('; ')
    return `[${test.project.name}] ${test.module.relativeModuleId}, ${test.fullName}: ${reasons || 'no reason known'}`
  }
}
