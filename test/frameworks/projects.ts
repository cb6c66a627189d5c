import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Resolves a framework and what belongs to it as a file in `folder` would have it, whoever imports it. */
const resolvedIn = (folder: string): Plugin => ({
  name: 'framework-of-a-folder',
  enforce: 'pre',
  resolveId(source, _, options) {
    if (!/^(react|react-dom|preact|preact-render-to-string|@preact\/signals)(\/|$)/.test(source)) return
    return this.resolve(source, `${folder}/package.json`, { ...options, skipSelf: true })
  },
})

const project = (name: 'react' | 'preact', major: number, folder: string): TestProjectInlineConfiguration => ({
  plugins: [resolvedIn(root + folder)],
  test: {
    name: `${name}-${major}`,
    // The same files for all four, but for what only one of them has: `NAME.preact.test.ts`, `NAME.react-19.test.ts`.
    include: ['', `.${name}`, `.${name}-${major}`].map(suffix => `test/frameworks/+([!.])${suffix}.test.ts`),
    environment: 'happy-dom',
    provide: { framework: { name, major } },
    // What would be left to Node stands in the root folder, and would find the Preact of that one.
    server: { deps: { inline: [/[\\/](preact|preact-render-to-string|@preact[\\/]signals)[\\/]/] } },
  },
})

export const frameworkProjects = [
  project('react', 18, '.'),
  project('react', 19, 'test/frameworks/react-19'),
  project('preact', 10, 'test/frameworks/preact-10'),
  project('preact', 11, '.'),
]
