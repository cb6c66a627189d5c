/** A reporter for Vitest that tells the process that started it which files are under way, and at which test they are. */
export default class ProgressReporter {
  onTestModuleQueued(module) {
    this.#tell(module, '')
  }
  onTestCaseReady(test) {
    this.#tell(test.module, test.fullName)
  }
  onTestModuleEnd(module) {
    process.send?.({ file: this.#name(module) })
  }

  #tell(module, test) {
    process.send?.({ file: this.#name(module), test, sinceMs: Date.now() })
  }
  #name(module) {
    return `[${module.project.name}] ${module.relativeModuleId}`
  }
}
