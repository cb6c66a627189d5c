import * as react from 'react'
import { describe, expect, it } from 'vitest'
import type { Auth } from '../../src/types.ts'
import { failureOf } from '../unit/fakes.ts'
import { type Component, frameworks, settled } from './framework.ts'
import { openService } from './service.ts'

// React 19.2 and later; the types are those of 18.
const { Activity } = react as unknown as { Activity: Component }

describe.each(frameworks)('in %s, a provider that is hidden', (_, { act, element, hooks, open, own }) => {
  it('disposes of the auth that it made, and makes it anew when it is shown again', async () => {
    const { options, service } = openService()
    const outcomes: unknown[] = []
    const auths = new Set<Auth>()
    const statuses = new Set<string>()
    const container = document.createElement('div')
    const Child = () => {
      const auth = hooks.useFilerobotAuth()
      auths.add(auth)
      // Effects of children run before the provider's.
      own.useEffect(() => {
        void auth.getKey().then(
          ({ value }) => outcomes.push(value),
          error => outcomes.push(error),
        )
      }, [auth])
      const { status } = hooks.useFilerobotKey()
      statuses.add(status)
      return element('p', null, status)
    }
    const root = open(container)
    const show = (mode: 'visible' | 'hidden') =>
      act(() =>
        root.render(element(Activity, { mode }, element(hooks.FilerobotAuthProvider, options, element(Child, null)))),
      )
    await show('visible')
    await settled(act, () => expect(container.textContent).toBe('ready'))
    const [auth] = auths
    await show('hidden')
    expect(await failureOf(auth!.getKey())).toMatchObject({ code: 'disposed' })

    await show('visible')
    await settled(act, () => expect(container.textContent).toBe('ready'))
    expect([auths.size, statuses]).toEqual([1, new Set(['loading', 'ready'])])
    // Its key was still good, in memory that all of the page share.
    expect(new Set(outcomes)).toEqual(new Set(service.given))
    expect(service.asked).toHaveLength(1)
    await act(() => root.unmount())
    expect(await failureOf(auth!.getKey())).toMatchObject({ code: 'disposed' })
  })
})
