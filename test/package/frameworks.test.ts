import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { output } from './process.ts'

const own = (name: string) => fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url))
const folder = join(inject('appFolder'), 'frameworks')

/** Beside the app, which has none: an app with both frameworks. */
beforeAll(() => {
  mkdirSync(folder)
  cpSync(join(inject('appFolder'), 'node_modules'), join(folder, 'node_modules'), { recursive: true })
  mkdirSync(join(folder, 'node_modules/@preact'))
  for (const name of ['react', 'react-dom', 'preact', 'preact-render-to-string', '@preact/signals']) {
    symlinkSync(own(name), join(folder, 'node_modules', name), 'junction')
  }
})

/** Runs a module in the app, and returns what it wrote as JSON. Fails if the process does not end by itself. */
function run(name: string, code: string): unknown {
  writeFileSync(join(folder, `${name}.mjs`), code)
  return JSON.parse(output(process.execPath, [`${name}.mjs`], folder))
}

const names = [
  'FilerobotAuthProvider',
  'useFilerobotAuth',
  'useFilerobotImageEditor',
  'useFilerobotKey',
  'useFilerobotSpin',
  'useFilerobotUploader',
]

describe.each([
  [
    'react',
    "import { createElement } from 'react'\nimport { renderToString } from 'react-dom/server'",
    names,
    'idle loading loading loading loading',
  ],
  [
    'preact',
    "import { h as createElement } from 'preact'\nimport { renderToString } from 'preact-render-to-string'\nimport { authSignal } from 'filerobot-widget-auth/preact'",
    [...names, 'authSignal'].sort(),
    'idle loading loading loading loading idle',
  ],
])('in Node, the entry for %s', (entry, imports, exported, statuses) => {
  it('exports the provider and the hooks, for Preact a signal too, and nothing else', () => {
    const names = run(
      `${entry}-names`,
      `console.log(JSON.stringify(Object.keys(await import('filerobot-widget-auth/${entry}')).sort()))`,
    )
    expect(names).toEqual(exported)
  })

  it('touches nothing of a browser and starts nothing, when it is imported and when a component is rendered (rule 18)', () => {
    const seen = run(
      `${entry}-server`,
      `${imports}
       import { createAuth } from 'filerobot-widget-auth'
       const touched = []
       for (const name of ['window', 'document', 'location', 'navigator', 'indexedDB', 'BroadcastChannel', 'Image',
         'XMLHttpRequest', 'fetch', 'addEventListener', 'setTimeout', 'queueMicrotask']) {
         const value = globalThis[name]
         Object.defineProperty(globalThis, name, { configurable: true, get: () => (touched.push(name), value) })
       }
       const { FilerobotAuthProvider, useFilerobotAuth, useFilerobotImageEditor, useFilerobotKey, useFilerobotSpin,
         useFilerobotUploader } = await import('filerobot-widget-auth/${entry}')
       const imported = touched.splice(0)
       const token = 'fusqadtm'
       const options = { token, templateId: 'SECU_' + '0'.repeat(32), onEvent() {}, async fetch() { process.exit(3) } }
       const given = createAuth(options)
       touched.length = 0
       const Status = () => {
         const auth = useFilerobotAuth()
         return createElement('i', null, [
           auth.state.status,
           useFilerobotKey().status,
           useFilerobotUploader(auth, { initUserAuthState() {}, opts: {} }).status,
           useFilerobotImageEditor(auth, { token, source: 'https://api.filerobot.com/cat.png' }).status,
           useFilerobotSpin(auth, { token, folder: '/spin', namesX: /^x/ }).status,
           typeof authSignal === 'function' ? authSignal(auth).value.status : '',
         ].join(' ').trim())
       }
       // One that is given, and one that is made; on a server a relative address is as good as any.
       const html = [{ auth: given }, { ...options, keyUrl: '/key' }].map(props =>
         renderToString(createElement(FilerobotAuthProvider, props, createElement(Status))))
       await new Promise(setImmediate)
       console.log(JSON.stringify({ imported, touched, html, status: given.state.status }))`.replace(
        "typeof authSignal === 'function'",
        String(imports.includes('authSignal')),
      ),
    )
    expect(seen).toEqual({
      imported: [],
      // Whether there is a page is asked; there is none.
      touched: expect.toSatisfy((touched: string[]) => touched.every(name => name === 'document')),
      html: [`<i>${statuses}</i>`, `<i>${statuses}</i>`],
      status: 'idle',
    })
  })
})

describe('in Node without @preact/signals', () => {
  it('the hooks for Preact can be had by themselves, and the error of the whole entry names what is absent', () => {
    rmSync(join(folder, 'node_modules/@preact'), { recursive: true })
    const seen = run(
      'no-signals',
      `const failure = await import('filerobot-widget-auth/preact').catch(error => error)
       console.log(JSON.stringify([Object.keys(await import('filerobot-widget-auth/preact/hooks')).sort(), failure.message]))`,
    )
    expect(seen).toEqual([names, expect.stringContaining("Cannot find package '@preact/signals'")])
  })
})
