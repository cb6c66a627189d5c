import { afterEach, describe, expect, it, vi } from 'vitest'
import { frameworks } from './framework.ts'
import { openService } from './service.ts'

afterEach(() => vi.restoreAllMocks())

describe.each(frameworks)(
  'in %s, whose components cannot tell whether they are hydrated, the hook for the key',
  (_, framework) => {
    it('shows a key that is there already without waiting for a frame', async () => {
      const { element, hooks, open } = framework
      const auth = openService().open()
      await auth.getKey()
      const container = document.createElement('div')
      const root = open(container)
      const Status = () => element('p', null, hooks.useFilerobotKey(auth).status)
      const frames = vi.spyOn(globalThis, 'requestAnimationFrame').mockReturnValue(0)
      root.render(element(Status, null))
      expect(container.textContent).toBe('loading')
      // Effects wait for a frame, and none comes.
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
      expect(container.textContent).toBe('ready')
      expect(frames).toHaveBeenCalled()
      root.unmount()
    })
  },
)
