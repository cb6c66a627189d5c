import { describe, expect, it } from 'vitest'
import { connectOne, uploaderStage } from './uploader-stage.ts'

const at = uploaderStage()

describe('several instances on a page', () => {
  it('share a key and upload side by side', async () => {
    const { page, seen, close } = await at.open()
    await page.evaluate(async () => {
      const { newAuth, newCore, connect, XHRUpload, upload } = window.bench
      const cores = [newCore({ id: 'one' }), newCore({ id: 'two' })]
      await Promise.all(
        cores.map(core => {
          core.use(XHRUpload)
          return new Promise<void>(onReady => connect(newAuth(), core, { onReady }))
        }),
      )
      await Promise.all(cores.map(core => upload(core, 2, 10)))
    })
    expect(at.statuses('upload')).toEqual([200, 200, 200, 200])
    expect(at.statuses('key')).toEqual([200])
    expect(seen.errors).toEqual([])
    await close()
  })

  it('are connected once each', async () => {
    const { page, close } = await at.open()
    const code = await page.evaluate(async () => {
      const { newAuth, newCore, connect, codeOf } = window.bench
      const core = newCore()
      const disconnect = connect(newAuth(), core)
      const twice = await codeOf(Promise.resolve().then(() => connect(newAuth(), core)))
      disconnect()
      connect(newAuth(), core)()
      return twice
    })
    expect(code).toBe('invalid_options')
    await close()
  })
})

describe('a connection that is ended', () => {
  it('leaves the widget as it was', async () => {
    const { page, seen, close } = await at.open()
    const { before, during, after } = await page.evaluate(async () => {
      const { newAuth, newCore, connect, XHRUpload } = window.bench
      const core = newCore({ sassKeyRenewerEnabled: true })
      core.use(XHRUpload)
      const inside = core as unknown as Record<string, unknown> & {
        emitter: { l?: unknown }
        preProcessors: unknown[]
        plugins: { uploader: [object] }
        opts: Record<string, unknown>
      }
      const client = core.dispatch?.((_: unknown, __: unknown, extra: { apiClient: object }) => extra.apiClient) as {
        _send: unknown
      }
      const send = client._send
      const look = () => ({
        isStockSend: client._send === send,
        ownUpload: Object.hasOwn(inside.plugins.uploader[0], 'upload'),
        preProcessors: inside.preProcessors.length,
        listeners: JSON.stringify(
          Object.entries((core as unknown as { emitter: Record<string, unknown> }).emitter).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.length : typeof value,
          ]),
        ),
        renewer: inside.opts.sassKeyRenewerEnabled,
        isRenewing: (core.sassKeyRenewer as { isSubscribed?: boolean } | undefined)?.isSubscribed,
      })
      const before = look()
      let disconnect = () => {}
      await new Promise<void>(onReady => {
        disconnect = connect(newAuth(), core, { onReady })
      })
      const during = look()
      disconnect()
      disconnect()
      return { before, during, after: look() }
    })
    expect(during).toMatchObject({ isStockSend: false, ownUpload: true, renewer: false, isRenewing: false })
    expect(after).toEqual(before)
    expect(seen.errors).toEqual([])
    await close()
  })

  it('gives no later key to it, and asks for none', async () => {
    const { page, close } = await at.open()
    await connectOne(page)
    const isSame = await page.evaluate(async () => {
      const { auth, core, disconnect } = window.bench.made
      disconnect()
      const key = core.opts.sassKey
      await auth.getKey({ forceRefresh: true })
      return key === core.opts.sassKey
    })
    expect(isSame).toBe(true)
    await close()
  })
})
