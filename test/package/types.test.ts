import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { output } from './process.ts'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** An app's code: all that the entries offer, once. */
const everything = `
import type { ReadonlySignal } from '@preact/signals'
import { type Auth, type AuthErrorCode, type AuthEvent, type AuthState, AuthError, createAuth, decodeAccessKey, isAuthError } from 'filerobot-widget-auth'
import { connectImageEditor, connectSpin, connectUploader, type UploaderCore, uploaderHeaders } from 'filerobot-widget-auth/widgets'
import { createFetchHandler, type FetchEventLike, registerServiceWorker, serviceWorkerUrl } from 'filerobot-widget-auth/service-worker'
import { createKeyHandler, type KeyHandler, type KeyHandlerOptions } from 'filerobot-widget-auth/server'
import * as inPreact from 'filerobot-widget-auth/preact'
import { createEmulator, type Faults, type RunningEmulator, SEED, startEmulator } from 'filerobot-widget-auth/emulator'
import * as inReact from 'filerobot-widget-auth/react'
import { FilerobotAuthProvider, type FilerobotAuthProviderProps, type KeyState, type SpinState, type UploaderState, useFilerobotSpin } from 'filerobot-widget-auth/react'
import type { ReactElement } from 'react'

declare const filerobot: UploaderCore
const seen: AuthEvent['type'][] = []
const auth: Auth = createAuth({ token: 'fusqadtm', templateId: 'SECU_…', timeoutMs: undefined, onEvent: ({ type }) => seen.push(type) })
const { getKey } = auth

export async function everything(): Promise<string> {
  const { value, expiresAtMs, claims } = await getKey({ minValidityMs: 1000 })
  const permissions: bigint | undefined = claims?.permissions ?? decodeAccessKey(value)?.permissions
  const response: Response = await auth.fetch(new URL('https://api.filerobot.com/fusqadtm/v4/files'))
  const disconnect: () => void = connectUploader(auth, filerobot, { onReady: () => {} })
  const headers: Record<string, string> = uploaderHeaders(auth)
  const { source, onSave, release } = await connectImageEditor(auth, { token: 'fusqadtm', source: '…' })
  const { imageListX } = await connectSpin(auth, { urlsX: ['…'] })
  const same = { token: 'fusqadtm', templateId: 'SECU_…' }
  const { registration, unregister } = await registerServiceWorker(serviceWorkerUrl('/worker.js', same), { ...same, scope: '/' })
  const worker: ServiceWorker | null = registration.active
  await unregister()
  // @ts-expect-error -- a function cannot reach a worker
  await registerServiceWorker('/worker.js', { ...same, requestKey: async () => 'SASS_…' })
  const unsubscribe: () => void = auth.subscribe(({ status }) => status === 'ready')
  for (const end of [disconnect, release, unsubscribe]) end()
  return [value, expiresAtMs, permissions, response.ok, headers, source.src, typeof onSave, imageListX[0], worker].join()
}

/** In a test of the app's own. */
export async function inOwnTest(): Promise<string> {
  const faults: Partial<Faults> = { keyAnswer: 'hang', latencyMs: 5 }
  const files = [{ path: '/a.txt', bytes: new TextEncoder().encode('a'), type: undefined }]
  const templates = [{ id: 'SECU_…', permissions: ['FILE_UPLOAD'], upload: { folders: ['/inbox'] } } as const]
  const api: RunningEmulator = await startEmulator({ port: 0, token: 'fusqadtm', faults, files, templates, pictures: false })
  api.emulator.setFaults({ sameKeyAgain: true })
  // @ts-expect-error -- no such answer
  api.emulator.setFaults({ keyAnswer: 'never' })
  const response: Response = await createEmulator().app.request('/' + SEED.token)
  const paths: string[] = api.emulator.files('/inbox').map(({ path }) => path)
  await api.close()
  return [api.origin, api.port, response.status, paths, api.emulator.log[0]?.keyIn, api.emulator.counters.uploads].join()
}

/** In a service worker of the app's own. */
export function inOwnWorker(event: FetchEventLike): boolean {
  const { handleFetch, auth } = createFetchHandler({ token: 'fusqadtm', templateId: 'SECU_…', fetch })
  return auth.peek() !== undefined && handleFetch(event)
}

/** On a server of the app's own. */
export async function onOwnServer(request: Request, platform: { waitUntil(work: Promise<unknown>): void }): Promise<number> {
  const options: KeyHandlerOptions = { token: 'fusqadtm', templateId: 'SECU_…', authorize: 'everyone' }
  const isKnown = async ({ headers }: Request) => headers.has('Cookie') || new Response(null, { status: 403 })
  const handleKey: KeyHandler = createKeyHandler({ ...options, authorize: isKnown, storage: undefined, onEvent: ({ type }) => seen.push(type) })
  // @ts-expect-error -- nobody leaves it open by accident
  createKeyHandler({ token: 'fusqadtm', templateId: 'SECU_…' })
  // @ts-expect-error -- a user is no permission
  createKeyHandler({ ...options, authorize: () => ({ name: 'ann' }) })
  return (await handleKey(request)).status + (await handleKey(request, platform)).status
}

/** In a component, of either framework: they offer the same. */
export function useEverything(hooks: Omit<typeof inReact, 'FilerobotAuthProvider'> = inPreact): string {
  const { status, key, retryAtMs }: KeyState = hooks.useFilerobotKey()
  const own: Auth = hooks.useFilerobotAuth()
  const signed = hooks.useFilerobotKey(own)
  if (signed.status === 'error') return signed.error.code
  const value: string | undefined = signed.status === 'ready' ? signed.key.value : signed.key
  const at: number | undefined = retryAtMs ?? key?.expiresAtMs ?? (status === 'idle' ? 0 : undefined)
  // @ts-expect-error -- there may be none yet
  key.value
  const uploader: UploaderState = hooks.useFilerobotUploader(auth, null)
  hooks.useFilerobotUploader(auth, filerobot, { onReady: () => {}, onError: ({ code }) => seen.push(code === 'timeout' ? 'wait' : 'key') })
  const { source, onSave, error } = hooks.useFilerobotImageEditor(auth, { token: 'fusqadtm', source: '…', onSaved: ({ file }) => file.name })
  const spin: SpinState = useFilerobotSpin(auth, { token: 'fusqadtm', folder: '/spin', onProgress: undefined })
  // @ts-expect-error -- there may be none yet
  const tooEarly: string[] = spin.imageListX
  // @ts-expect-error -- the component sees to that
  useFilerobotSpin(auth, { urlsX: ['…'], signal: new AbortController().signal })
  if (spin.status === 'error') return (spin.retry(), spin.error.message)
  const frames: string[] | undefined = spin.status === 'ready' ? spin.imageListX : spin.imageListX?.slice()
  const code: AuthErrorCode | undefined = uploader.status === 'error' ? uploader.error.code : undefined
  return [source?.src, typeof onSave, error?.message, frames, tooEarly, code, value, at].join()
}

/** The provider takes an auth or options, and not both. */
export function provided(children: string): ReactElement[] {
  const props: FilerobotAuthProviderProps = { auth, children }
  const inPreactToo = inPreact.FilerobotAuthProvider({ token: 'fusqadtm', templateId: 'SECU_…', children: [children] })
  // @ts-expect-error -- options beside an auth
  FilerobotAuthProvider({ auth, token: 'fusqadtm' })
  // @ts-expect-error -- neither
  FilerobotAuthProvider({})
  return [FilerobotAuthProvider(props), FilerobotAuthProvider({ token: 'fusqadtm', requestKey: async () => 'SASS_…' })].concat(inPreactToo ? [] : [])
}

export function signalled(): boolean {
  const state: ReadonlySignal<AuthState> = inPreact.authSignal(auth)
  // @ts-expect-error -- it is the auth that writes to it
  state.value = auth.state
  return state.value.status === 'ready'
}

export function inWords(error: unknown): AuthErrorCode | undefined {
  // @ts-expect-error -- a number is no token
  createAuth({ token: 1 })
  return isAuthError(error) || error instanceof AuthError ? error.code : undefined
}
`

/** Where the app has what types of the frameworks' entries come from. */
beforeAll(() => {
  const modules = join(inject('appFolder'), 'types/node_modules')
  cpSync(join(inject('appFolder'), 'node_modules'), modules, { recursive: true })
  for (const scope of ['@types', '@preact']) mkdirSync(join(modules, scope))
  for (const name of ['@types/react', 'preact', '@preact/signals']) {
    symlinkSync(inProject(`node_modules/${name}`), join(modules, name), 'junction')
  }
})

/** Compiles files in the app; returns what the compiler says against them. */
function complaints(name: string, files: Record<string, string>, compilerOptions: Record<string, unknown>): string {
  const folder = join(inject('appFolder'), 'types', name)
  mkdirSync(folder)
  for (const [file, code] of Object.entries(files)) writeFileSync(join(folder, file), code)
  const strictest = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [], noEmit: true }
  const target = { target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'] }
  const config = { compilerOptions: { ...strictest, ...target, ...compilerOptions }, files: Object.keys(files) }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return output(process.execPath, [inProject('node_modules/typescript/bin/tsc'), '-p', folder], folder)
}

describe("an app's TypeScript", () => {
  it.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
    ['node16', 'node16'],
  ])('finds the types of all entries with moduleResolution "%s", and they are sound', (moduleResolution, module) => {
    expect(complaints(moduleResolution, { 'app.ts': everything }, { moduleResolution, module })).toBe('')
  })

  it("finds them in a service worker of the app's own, whose world has no document", () => {
    const worker = `
      import { createFetchHandler } from 'filerobot-widget-auth/service-worker'
      declare const self: ServiceWorkerGlobalScope
      const { handleFetch } = createFetchHandler({ token: 'fusqadtm', templateId: 'SECU_…' })
      self.addEventListener('fetch', event => void (handleFetch(event) || event.respondWith(fetch(event.request))))`
    const options = { moduleResolution: 'bundler', module: 'esnext', lib: ['es2022', 'webworker'] }
    expect(complaints('worker', { 'worker.ts': worker }, options)).toBe('')
  })

  it.each(['bundler', 'nodenext'])(
    'finds those of the script-tag file, in a page that has it, with "%s"',
    resolution => {
      const page = `
      /// <reference types="filerobot-widget-auth/filerobot-widget-auth.global.js" />
      const first: string | undefined = FilerobotAuth.auth?.peek()?.value
      FilerobotAuth.push(({ get, connectSpin }) => void [get('SECU_…')?.state.status === 'ready', connectSpin])
      void FilerobotAuth.ready.then(({ expiresAtMs }) => expiresAtMs - Date.now() > 0 && first)
      // @ts-expect-error -- there may be none
      FilerobotAuth.get('SECU_…').peek()`
      const module = `
      import 'filerobot-widget-auth/filerobot-widget-auth.global.js'
      import type { FilerobotAuthGlobal } from 'filerobot-widget-auth/filerobot-widget-auth.global.js'
      export const { isAuthError }: FilerobotAuthGlobal = FilerobotAuth`
      const files = { 'page.ts': page, 'module.ts': module }
      const options = { moduleResolution: resolution, module: resolution === 'bundler' ? 'esnext' : resolution }
      const strict = { ...options, noUncheckedSideEffectImports: true }
      expect(complaints(`script-tag-${resolution}`, files, strict)).toBe('')
    },
  )
})
