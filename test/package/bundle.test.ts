import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { describe, expect, inject, it } from 'vitest'

/** Builds an app for production as most would, and returns its code. */
async function bundled(name: string, code: string): Promise<string> {
  const root = inject('appFolder')
  const entry = join(root, `${name}.js`)
  writeFileSync(entry, code)
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: { write: false, modulePreload: { polyfill: false }, rolldownOptions: { input: entry } },
  })
  return (built as Rolldown.RolldownOutput).output.map(file => ('code' in file ? file.code : '')).join('\n')
}

describe("an app's bundle", () => {
  it('holds the core once, whichever entries it uses', async () => {
    const code = await bundled(
      'both',
      `import { createAuth, isAuthError } from 'filerobot-widget-auth'
       import { connectSpin, uploaderHeaders } from 'filerobot-widget-auth/widgets'
       console.log(createAuth, isAuthError, connectSpin, uploaderHeaders)`,
    )
    expect(code.split('filerobot-widget-auth.error')).toHaveLength(2)
    expect(code).not.toMatch(/import\s*["'{]/)
  })

  it('holds nothing of what it does not use', async () => {
    const code = await bundled(
      'one',
      `import { isAuthError } from 'filerobot-widget-auth'\nconsole.log(isAuthError({}))`,
    )
    expect(code).not.toMatch(/BroadcastChannel|indexedDB|X-Filerobot-Key/)
    expect(code.length).toBeLessThan(1000)
  })
})
