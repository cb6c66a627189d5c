import { defineConfig } from 'vitest/config'
import { frameworkProjects } from './test/frameworks/projects.ts'

// The folder decides where a test runs.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'happy-dom' } },
      ...frameworkProjects,
      { test: { name: 'emulator', include: ['test/emulator/**/*.test.ts'], environment: 'node' } },
      {
        // Alone: it has two minutes for its 2,000 schedules.
        test: {
          name: 'model',
          include: ['test/model/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/package/setup.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/browser/setup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'engines',
          // Whether a page is kept for coming back is the browser's to decide: on a busy machine it may drop one.
          retry: 1,
          include: ['test/engines/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/engines/setup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
