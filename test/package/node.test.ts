import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import publishedKeys from '../vectors/access-keys.json' with { type: 'json' }
import { output } from './process.ts'

const appFolder = inject('appFolder')

/** Runs a module in the app, and returns what it wrote as JSON. Fails if the process does not end by itself. */
function run(name: string, code: string): unknown {
  const file = join(appFolder, `${name}.mjs`)
  writeFileSync(file, code)
  return JSON.parse(output(process.execPath, [file], appFolder))
}

describe('in Node, the installed package', () => {
  it('decodes a key', () => {
    const claims = run(
      'decode',
      `import { decodeAccessKey } from 'filerobot-widget-auth'
       const { templateId, ageSeconds, listFolders } = decodeAccessKey(${JSON.stringify(publishedKeys[0]!.key)})
       console.log(JSON.stringify({ templateId, ageSeconds, listFolders }))`,
    )
    expect(claims).toEqual({
      templateId: 'SECU_3268740E1C82464B9BC350D868F966CB',
      ageSeconds: 1200,
      listFolders: ['/doc/template/*'],
    })
  })

  it('exports what the documentation names, and nothing else', () => {
    const names = run(
      'names',
      `const names = async entry => Object.keys(await import('filerobot-widget-auth' + entry)).sort()
       console.log(JSON.stringify([await names(''), await names('/widgets'), await names('/service-worker'), await names('/server'), await names('/emulator')]))`,
    )
    expect(names).toEqual([
      ['AuthError', 'createAuth', 'decodeAccessKey', 'isAuthError'],
      ['connectImageEditor', 'connectSpin', 'connectUploader', 'uploaderHeaders'],
      ['createFetchHandler', 'registerServiceWorker', 'serviceWorkerUrl'],
      ['createKeyHandler'],
      ['SEED', 'createEmulator', 'startEmulator'],
    ])
  })

  it('touches no global of a browser, and starts nothing, when it is imported', () => {
    const touched = run(
      'globals',
      `const touched = []
       const names = ['window', 'self', 'document', 'location', 'navigator', 'indexedDB', 'localStorage',
         'sessionStorage', 'caches', 'BroadcastChannel', 'Worker', 'XMLHttpRequest', 'Image', 'fetch',
         'addEventListener', 'setTimeout', 'setInterval', 'queueMicrotask', 'requestAnimationFrame']
       for (const name of names) {
         const value = globalThis[name]
         Object.defineProperty(globalThis, name, { configurable: true, get: () => (touched.push(name), value) })
       }
       await import('filerobot-widget-auth')
       await import('filerobot-widget-auth/widgets')
       await import('filerobot-widget-auth/service-worker')
       const { createKeyHandler } = await import('filerobot-widget-auth/server')
       // Nor when a handler is made, which on edge platforms happens where nothing may be started.
       createKeyHandler({ token: 'fusqadtm', templateId: 'SECU_' + '0'.repeat(32), authorize: 'everyone' })
       console.log(JSON.stringify(touched))`,
    )
    expect(touched).toEqual([])
  })

  it('serves an emulator, which leaves the globals as they are, and lets the process end', () => {
    const seen = run(
      'emulator',
      `const globals = [Request, Response, fetch]
       const { createAuth } = await import('filerobot-widget-auth')
       const { SEED, startEmulator } = await import('filerobot-widget-auth/emulator')
       const api = await startEmulator({ port: 0, drawAtStart: false })
       const auth = createAuth({ token: SEED.token, templateId: SEED.templateId, apiBase: api.origin })
       const response = await auth.fetch(api.origin + '/' + SEED.token + '/v4/files?folder=/spin')
       const { files } = await response.json()
       const picture = await fetch(files[0].url.public)
       const { length } = new Uint8Array(await picture.arrayBuffer())
       await api.close()
       const isUntouched = [Request, Response, fetch].every((value, i) => value === globals[i])
       console.log(JSON.stringify({ names: files.length, type: picture.headers.get('Content-Type'), isLarge: length > 1000, isUntouched }))`,
    )
    expect(seen).toEqual({ names: 36, type: 'image/png', isLarge: true, isUntouched: true })
  })

  it('is a key endpoint by which browsers have one key, and lets the process end', () => {
    const seen = run(
      'endpoint',
      `import { createServer } from 'node:http'
       import { createAuth } from 'filerobot-widget-auth'
       import { SEED, startEmulator } from 'filerobot-widget-auth/emulator'
       import { createKeyHandler } from 'filerobot-widget-auth/server'
       const api = await startEmulator({ port: 0, pictures: false })
       const { token, templateId } = SEED
       const handleKey = createKeyHandler({
         token, templateId, apiBase: api.origin,
         authorize: ({ headers }) => headers.get('cookie') === 'session=1',
       })
       const site = createServer(async ({ method, url, headers }, response) => {
         const answer = await handleKey(new Request('http://localhost' + url, { method, headers }))
         response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
       })
       await new Promise(resolve => site.listen(0, '127.0.0.1', resolve))
       // Another address for each, so that none has another's key.
       const visit = (name, cookie) => createAuth({
         token, apiBase: api.origin, maxWaitMs: 0,
         keyUrl: 'http://127.0.0.1:' + site.address().port + '/key?' + name,
         fetch: (input, init) => fetch(input, input instanceof Request ? init : { ...init, headers: { cookie } }),
       }).fetch(api.origin + '/' + token + '/v4/files?folder=/inbox')
       const known = await Promise.all(Array.from({ length: 7 }, (_, n) => visit(n, 'session=1')))
       const stranger = await visit('stranger', 'session=2').catch(({ code, status }) => [code, status])
       const { keysIssued } = api.emulator.counters
       await api.close()
       site.close()
       site.closeAllConnections()
       console.log(JSON.stringify({ statuses: known.map(({ status }) => status), stranger, keysIssued }))`,
    )
    expect(seen).toEqual({ statuses: Array(7).fill(200), stranger: ['template_rejected', 401], keysIssued: 1 })
  })

  it('gets a key, kept in memory, and lets the process end', () => {
    const seen = run(
      'key',
      `import { createAuth } from 'filerobot-widget-auth'
       let requestCount = 0
       const fetch = async () => (requestCount++, Response.json({ status: 'success', key: 'SASS_made-up' }))
       const auth = createAuth({ token: 'fusqadtm', templateId: 'SECU_' + '0'.repeat(32), fetch })
       auth.subscribe(() => {})
       const [key, again] = [await auth.getKey(), await auth.getKey()]
       console.log(JSON.stringify({ isSame: key === again, requestCount, storage: auth.state.storage }))`,
    )
    expect(seen).toEqual({ isSame: true, requestCount: 1, storage: 'memory' })
  })
})
