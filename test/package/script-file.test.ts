// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { expect, inject, it, vi } from 'vitest'
import type { FilerobotAuthGlobal } from '../../src/global.ts'

const file = join(inject('appFolder'), 'node_modules/filerobot-widget-auth/dist/filerobot-widget-auth.global.js')

// Terser 5.51 had left it out of the minified file, and of that alone.
it('the script-tag file tells the uploader of a file that could not be sent for want of a key', async () => {
  runInThisContext(readFileSync(file, 'utf8'))
  const { AuthError, connectUploader } = (globalThis as unknown as { FilerobotAuth: FilerobotAuthGlobal }).FilerobotAuth
  const auth = {
    peek: () => undefined,
    state: { status: 'idle' },
    getKey: () => Promise.reject(new AuthError('template_rejected')),
    subscribe: () => () => {},
    emit: () => {},
  }
  const plugin = {
    type: 'uploader',
    opts: { endpoint: 'https://api.filerobot.com/fusqadtm/v4/files' },
    getOptions: () => ({}),
    upload: vi.fn<(job: object) => Promise<unknown>>(),
  }
  const emit = vi.fn<(event: string, ...details: unknown[]) => void>()
  const nothing = () => {}
  const core = {
    opts: {},
    initUserAuthState: nothing,
    setOptions: nothing,
    addPreProcessor: nothing,
    removePreProcessor: nothing,
    on: nothing,
    off: nothing,
    emit,
    dispatch: nothing,
    iteratePlugins: (visit: (of: typeof plugin) => void) => visit(plugin),
    info: nothing,
    hideInfo: nothing,
    getFileUploading: () => undefined,
  }
  connectUploader(auth as never, core)
  const upload = plugin.upload({ file: { id: 'uppy-a' }, uploadId: 'batch' })
  await expect(upload).rejects.toMatchObject({ code: 'template_rejected' })
  expect(emit.mock.calls.map(([event]) => event)).toEqual(['upload-error'])
})
