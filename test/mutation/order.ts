import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Take seconds: days of renewals, hundreds of schedules. A mutant that something quicker kills does not pay for them. */
const SLOW = ['client.trust', 'client.budget', 'client.clock', 'client.renewal']

const place = ({ moduleId }: TestSpecification) => SLOW.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))

/** Quick files first: the run of a mutant ends at the first test that fails. */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId))
  }
}
