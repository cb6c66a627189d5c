import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
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
  for (const name of ['react', 'react-dom', 'preact', 'preact-render-to-string']) {
    symlinkSync(own(name), join(folder, 'node_modules', name), 'junction')
  }
})

/** Runs a module in the app, and returns what it wrote as JSON. Fails if the process does not end by itself. */
function run(name: string, code: string): unknown {
  writeFileSync(join(folder, `${name}.mjs`), code)
  return JSON.parse(output(process.execPath, [`${name}.mjs`], folder))
}

describe.each([
  ['react', "import { createElement } from 'react'\nimport { renderToString } from 'react-dom/server'"],
  ['preact', "import { h as createElement } from 'preact'\nimport { renderToString } from 'preact-render-to-string'"],
])('in Node, the entry for %s', (entry, imports) => {
  it('exports a hook for each widget, and nothing else', () => {
    const names = run(
      `${entry}-names`,
      `console.log(JSON.stringify(Object.keys(await import('filerobot-widget-auth/${entry}')).sort()))`,
    )
    expect(names).toEqual(['useFilerobotImageEditor', 'useFilerobotSpin', 'useFilerobotUploader'])
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
       const { useFilerobotImageEditor, useFilerobotSpin, useFilerobotUploader } = await import('filerobot-widget-auth/${entry}')
       const imported = touched.splice(0)
       const token = 'fusqadtm'
       const auth = createAuth({ token, templateId: 'SECU_' + '0'.repeat(32) })
       touched.length = 0
       const statuses = []
       function App() {
         statuses.push(useFilerobotUploader(auth, { initUserAuthState() {}, opts: {} }).status)
         statuses.push(useFilerobotImageEditor(auth, { token, source: 'https://api.filerobot.com/cat.png' }).status)
         statuses.push(useFilerobotSpin(auth, { token, folder: '/spin', namesX: /^x/ }).status)
         return createElement('p', null, statuses.join(' '))
       }
       const html = renderToString(createElement(App))
       await new Promise(setImmediate)
       console.log(JSON.stringify({ imported, touched, html, status: auth.state.status }))`,
    )
    expect(seen).toEqual({
      imported: [],
      touched: [],
      html: '<p>loading loading loading</p>',
      status: 'idle',
    })
  })
})
