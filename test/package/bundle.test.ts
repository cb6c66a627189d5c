import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { describe, expect, inject, it } from 'vitest'

/** Builds an app for production as most would, and returns its code. */
async function bundled(name: string, code: string, external: string[] = []): Promise<string> {
  const root = inject('appFolder')
  const entry = join(root, `${name}.js`)
  writeFileSync(entry, code)
  const built = await build({
    root,
    configFile: false,
    // Not 'warn': of "use client" every bundler warns that knows no server components.
    logLevel: 'error',
    build: { write: false, modulePreload: { polyfill: false }, rolldownOptions: { input: entry, external } },
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

  it.each([
    ['react', 'preact/hooks', 'react'],
    ['preact', 'react', 'preact/hooks'],
  ])('holds of the entry for %s one hook and its widget, and asks for no %s', async (entry, other, own) => {
    const code = await bundled(
      entry,
      `import { useFilerobotSpin } from 'filerobot-widget-auth/${entry}'\nconsole.log(useFilerobotSpin)`,
      ['react', 'preact', 'preact/hooks'],
    )
    const imported = [...code.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(([, source]) => source)
    expect(imported).toEqual([own])
    expect(imported).not.toContain(other)
    expect(code).toContain('imageListX')
    // What only the connections of the others hold.
    expect(code).not.toMatch(/initUserAuthState|toBlob/)
  })
})

describe('the entry for React', () => {
  const read = (entry: string) =>
    readFileSync(join(inject('appFolder'), `node_modules/filerobot-widget-auth/dist/${entry}.js`), 'utf8')

  it('says first of all that it is for the client, and no other entry does', () => {
    expect(read('react')).toMatch(/^(["'])use client\1/)
    for (const entry of ['preact', 'index', 'widgets']) expect(read(entry)).not.toContain('use client')
  })
})
