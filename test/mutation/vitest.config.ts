import { defineConfig } from 'vitest/config'
import { QuickFirst } from './order.ts'

/** The tests of the core alone: a mutant of the core is killed by one of these, or survives. */
export default defineConfig({
  test: {
    include: ['test/unit/*.test.ts'],
    exclude: ['test/unit/architecture.test.ts', 'test/unit/demo-links.test.ts', 'test/unit/global.test.ts'],
    environment: 'happy-dom',
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: QuickFirst },
    setupFiles: ['test/mutation/fewer-runs.ts'],
    testTimeout: 30_000,
  },
})
