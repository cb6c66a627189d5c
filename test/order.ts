import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Runs the projects in the order of the configuration, and in each of them those files first that took longest the last
 * time, or are longest.
 *
 * @throws {Error} for a project with a number of workers of its own: Vitest would run it alone, after all others
 */
export class InOrderOfProjects extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    for (const { name, config } of this.ctx.projects) {
      if (config.maxWorkers && config.maxWorkers !== this.ctx.config.maxWorkers) {
        throw new Error(
          `The project "${name}" must take its number of workers from the whole (no fileParallelism, no maxWorkers): ` +
            'else its files run one by one when all others have ended.',
        )
      }
    }
    const place = new Map(this.ctx.projects.map((project, index) => [project, index]))
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => place.get(a.project)! - place.get(b.project)!)
  }
}
