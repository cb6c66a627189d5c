import { afterEach } from 'vitest'
import { type Auth, type AuthOptions, createAuth } from '../../src/index.ts'
import { fakeService, TEMPLATE } from '../unit/fakes.ts'

let serviceCount = 0
const disposals: (() => void)[] = []
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose()
})

/** A service for a project of its own, and options with which keys come from it and stay in memory. */
export function openService() {
  const service = fakeService()
  const options: AuthOptions = {
    token: `project-${++serviceCount}`,
    templateId: TEMPLATE,
    storage: 'memory',
    fetch: service.fetch,
  }
  const listening = { count: 0 }
  /** An auth of the app's own, which counts who listens. */
  const open = (): Auth => {
    const auth = createAuth(options)
    disposals.push(auth.dispose)
    const { subscribe } = auth
    auth.subscribe = listener => {
      const unsubscribe = subscribe(listener)
      listening.count++
      return () => {
        listening.count--
        unsubscribe()
      }
    }
    return auth
  }
  return { service, options, open, listening }
}
