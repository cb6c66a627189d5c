import { defineConfig } from 'vitest/config'
import { frameworkProjects } from './test/frameworks/projects.ts'
import { InOrderOfProjects } from './test/order.ts'

// The folder decides where a test runs; `test/README.md` says what each project needs.
export default defineConfig({
  test: {
    // Two files at any time, from whichever projects: one core each, where there are two. See `docs/decisions.md`.
    maxWorkers: 2,
    // In the order in which they stand here: what takes long first, so that both workers come to the end together.
    sequence: { sequencer: InOrderOfProjects },
    projects: [
      {
        test: {
          name: 'model',
          include: ['test/model/**/*.test.ts'],
          environment: 'node',
          // 2,000 schedules: two minutes of a core, and more on a busy machine.
          testTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'examples',
          include: ['test/examples/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/examples/setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          environment: 'node',
          // A minute each on a quiet machine; it ends by itself after three, and a busy one needs some to open browsers.
          testTimeout: 300_000,
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
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          // A browser may hang, and then there is another one. What passed at the second try is printed at the end.
          retry: 1,
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          globalSetup: 'test/browser/setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
        test: { name: 'hostile', include: ['test/hostile/**/*.test.ts'], environment: 'node', testTimeout: 120_000 },
      },
      {
        test: {
          name: 'scale',
          include: ['test/scale/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'emulator', include: ['test/emulator/**/*.test.ts'], environment: 'node' } },
      ...frameworkProjects,
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'happy-dom',
          // Properties try hundreds of cases, and a busy machine is slow.
          testTimeout: 30_000,
        },
      },
    ],
  },
})
