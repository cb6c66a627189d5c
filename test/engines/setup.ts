import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundled code of the core entry. */
    library: string
  }
}

const entry = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

/** Bundles, once for all tests, what the pages load. */
export default async function bundleLibrary(project: TestProject): Promise<void> {
  const bundles = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: { write: false, target: 'es2022', lib: { entry, formats: ['es'] } },
  })
  const [{ output }] = bundles as [Rolldown.RolldownOutput]
  project.provide('library', output[0].code)
}
