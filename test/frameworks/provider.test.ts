import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Auth,
  type AuthEvent,
  type AuthOptions,
  createAuth,
  isAuthError,
  type KeyStorage,
} from '../../src/index.ts'
import { FILES, failureOf, fakeStorage, newKey, SECRET, TEMPLATE } from '../unit/fakes.ts'
import { frameworks, type Rendered, settled } from './framework.ts'
import { openService } from './service.ts'

/** What the frameworks complain of. */
let complaints: unknown[][]
let rejections: unknown[]
const onRejection = (reason: unknown) => rejections.push(reason)
beforeEach(() => {
  complaints = []
  rejections = []
  process.on('unhandledRejection', onRejection)
  vi.spyOn(console, 'error').mockImplementation((...words) => void complaints.push(words))
})
afterEach(async () => {
  await new Promise(resolve => setTimeout(resolve))
  process.off('unhandledRejection', onRejection)
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  expect(rejections).toEqual([])
})

describe.each(frameworks)('in %s, the provider', (_, { act, element, guarded, hooks, open, toHtml, own }) => {
  const { FilerobotAuthProvider, useFilerobotAuth, useFilerobotKey } = hooks
  const until = (isTrue: () => void) => settled(act, isTrue)

  /** Renders a provider with these props around a component that uses it, and keeps which auth there was. */
  async function provide(first: object, use: (auth: Auth) => void = () => {}) {
    const auths: Auth[] = []
    const Child = () => {
      const auth = useFilerobotAuth()
      auths.push(auth)
      use(auth)
      return null
    }
    const root = open(document.createElement('div'))
    const update = (props: object) =>
      act(() => root.render(element(FilerobotAuthProvider, props, element(Child, null))))
    await update(first)
    return {
      auths,
      get auth() {
        return auths.at(-1)!
      },
      update,
      unmount: () => act(() => root.unmount()),
    }
  }
  const useKey = () => void useFilerobotKey()

  it('gives the auth that it was given, and does not dispose of it (rule 17)', async () => {
    const { open, service, listening } = openService()
    const auth = open()
    const view = await provide({ auth }, useKey)
    expect(new Set(view.auths)).toEqual(new Set([auth]))
    await until(() => expect(auth.state.status).toBe('ready'))
    await view.unmount()
    expect(listening.count).toBe(0)
    expect(await auth.getKey()).toBe(auth.peek())
    expect([service.asked.length, complaints]).toEqual([1, []])
  })

  it('makes one of options, for which one request is made, and disposes of it when it is unmounted (rule 17)', async () => {
    const { options, service } = openService()
    const view = await provide(options, useKey)
    await until(() => expect(view.auth.state.status).toBe('ready'))
    expect([new Set(view.auths).size, service.asked.length]).toEqual([1, 1])
    const response = await view.auth.fetch(FILES)
    expect([response.status, service.keysUsed()]).toEqual([200, service.given])
    await view.unmount()
    expect(await failureOf(view.auth.getKey())).toMatchObject({
      code: 'disposed',
      message: 'disposed: the FilerobotAuthProvider that made this auth is gone',
    })
    expect([view.auth.peek(), view.auth.state.status, complaints]).toEqual([undefined, 'idle', []])
  })

  it('starts nothing before somebody wants a key', async () => {
    const { options, service } = openService()
    const view = await provide(options)
    expect([service.asked.length, view.auth.state.status, view.auth.peek()]).toEqual([0, 'idle', undefined])
    await act(async () => void (await view.auth.getKey()))
    expect([service.asked.length, view.auth.state.status]).toEqual([1, 'ready'])
    await view.unmount()
  })

  it('ends a request that is under way when it is unmounted, and no caller waits for ever (rule 17)', async () => {
    const { options, service } = openService()
    service.hold()
    const view = await provide(options, useKey)
    await until(() => expect(service.asked).toHaveLength(1))
    const waiting = failureOf(view.auth.getKey())
    expect(service.asked[0]?.init.signal?.aborted).toBe(false)
    await view.unmount()
    expect(await waiting).toMatchObject({ code: 'disposed' })
    expect(service.asked[0]?.init.signal?.aborted).toBe(true)
  })

  it('keeps the auth that an effect of a child has begun to use, also when StrictMode mounts twice', async () => {
    const { options, service } = openService()
    const outcomes: unknown[] = []
    const view = await provide(options, auth => {
      own.useEffect(() => {
        void auth.getKey().then(
          key => outcomes.push(key.value),
          error => outcomes.push(error),
        )
      }, [auth])
    })
    await until(() => expect(outcomes.length).toBeGreaterThan(0))
    expect([...new Set(outcomes)]).toEqual(service.given)
    expect(service.asked).toHaveLength(1)
    await view.unmount()
  })

  it('keeps its auth for options that mean the same, and calls the functions of the last rendering', async () => {
    const { options, service } = openService()
    const heard: string[] = []
    const content = new Map<string, unknown>()
    const literals = (name: string): AuthOptions => ({
      ...options,
      apiBase: 'https://api.filerobot.com',
      allowedOrigins: ['https://cdn.example'],
      keyUrl: new URL('https://shop.example/key'),
      fetch: async (input, init) => {
        heard.push(`${name} fetch`)
        return service.fetch(input, init)
      },
      onEvent: ({ type }) => void heard.push(`${name} ${type}`),
      storage: {
        get: async id => {
          heard.push(`${name} get`)
          return content.get(id)
        },
        update: async (id, change) => void content.set(id, change(content.get(id))),
      },
    })
    const view = await provide(literals('first'))
    await view.update(literals('second'))
    await view.update({ ...literals('third'), timeoutMs: undefined })
    expect(new Set(view.auths).size).toBe(1)
    await act(async () => void (await view.auth.getKey()))
    expect(view.auth.state.storage).toBe('custom')
    expect([...new Set(heard)].sort()).toEqual(['third fetch', 'third get', 'third key'])
    // The next ones are called by the very same auth.
    heard.length = 0
    await view.update(literals('fourth'))
    await act(async () => void (await view.auth.getKey({ forceRefresh: true })))
    expect([...new Set(heard)].sort()).toEqual(['fourth fetch', 'fourth get', 'fourth key'])
    // None at all: that is the same auth too.
    await view.update({ ...literals('fifth'), onEvent: undefined })
    await act(async () => void (await view.auth.getKey({ forceRefresh: true })))
    expect([new Set(view.auths).size, service.asked.length]).toEqual([1, 3])
    await view.unmount()
  })

  it('asks the `requestKey` of the last rendering', async () => {
    const { options } = openService()
    const [first, last] = [
      vi.fn<() => Promise<string>>(async () => newKey()),
      vi.fn<() => Promise<string>>(async () => newKey()),
    ]
    const view = await provide({ ...options, requestKey: first })
    await view.update({ ...options, requestKey: last })
    await act(async () => void (await view.auth.getKey()))
    expect([first.mock.calls.length, last.mock.calls.length, new Set(view.auths).size]).toEqual([0, 1, 1])
    expect(view.auth.state.storage).toBe('memory')
    await view.unmount()
  })

  class OwnStore implements KeyStorage {
    private readonly store = fakeStorage()
    get = this.store.get
    update = this.store.update
  }
  it.each<[string, () => Partial<AuthOptions>]>([
    ['templateId', () => ({ templateId: TEMPLATE.replace(/.$/, '0') })],
    ['an origin more', () => ({ allowedOrigins: ['https://cdn.example'] })],
    ['cacheScope', () => ({ cacheScope: 'anna' })],
    ['a `requestKey` where there was none', () => ({ requestKey: async () => newKey() })],
    ['the global `fetch`', () => ({ fetch: undefined })],
    ['a store of a class', () => ({ storage: new OwnStore() })],
  ])('makes another auth for other options, and disposes of the one before: %s', async (_, change) => {
    const { options } = openService()
    vi.stubGlobal('fetch', options.fetch)
    const view = await provide(options, useKey)
    await until(() => expect(view.auth.state.status).toBe('ready'))
    const before = view.auth
    await view.update({ ...options, ...change() })
    expect(view.auth).not.toBe(before)
    await until(() => expect(view.auth.state.status).toBe('ready'))
    expect(await failureOf(before.getKey())).toMatchObject({ code: 'disposed' })
    await view.unmount()
  })

  it('gives another auth when it is given one, and makes none any more', async () => {
    const { open, options } = openService()
    const view = await provide(options, useKey)
    const made = view.auth
    const auth = open()
    await view.update({ auth })
    expect(view.auth).toBe(auth)
    await until(() => expect(auth.state.status).toBe('ready'))
    expect(await failureOf(made.getKey())).toMatchObject({ code: 'disposed' })
    await view.update(options)
    expect([auth, made]).not.toContain(view.auth)
    expect((await auth.getKey()).value).toBe(auth.peek()?.value)
    await view.unmount()
  })

  it('within another one counts for what is in it', async () => {
    const [outer, inner] = [openService().open(), openService().open()]
    const seen: Auth[] = []
    const Child = () => void seen.push(useFilerobotAuth())
    const root = open(document.createElement('div'))
    await act(() =>
      root.render(
        element(
          FilerobotAuthProvider,
          { auth: outer },
          element(FilerobotAuthProvider, { auth: inner }, element(Child, null)),
        ),
      ),
    )
    expect(new Set(seen)).toEqual(new Set([inner]))
    await act(() => root.unmount())
  })

  it('renders several children', () => {
    const { options } = openService()
    expect(toHtml(element(FilerobotAuthProvider, options, element('b', null, 'one'), 'two'))).toBe('<b>one</b>two')
  })

  it('leaves nothing behind where it was rendered and never shown', async () => {
    const { options, service } = openService()
    const Child = () => element('p', null, useFilerobotKey().status, useFilerobotAuth().state.status)
    const html = toHtml(element(FilerobotAuthProvider, { ...options, timeoutMs: 1000 }, element(Child, null)))
    // React puts a comment between two texts.
    expect(html.replaceAll('<!-- -->', '')).toBe('<p>loadingidle</p>')
    await act(() => {})
    // An auth of the same identity that was there would say that this number is ignored.
    const events: AuthEvent['type'][] = []
    createAuth({ ...options, timeoutMs: 2000, onEvent: ({ type }) => events.push(type) }).dispose()
    expect([events, service.asked.length]).toEqual([[], 0])
  })

  describe('throws in rendering, where an error boundary sees it,', () => {
    /** What is shown of the error that rendering this ends with. */
    async function messageOf(content: Rendered): Promise<string | null> {
      const container = document.createElement('div')
      const root = open(container)
      await act(() =>
        root.render(
          guarded(content, error =>
            isAuthError(error) && error.code === 'invalid_options' ? error.message : `not expected: ${String(error)}`,
          ),
        ),
      )
      const { textContent } = container
      await act(() => root.unmount())
      return textContent
    }

    it.each<[string, () => object, string]>([
      ['a token that is none', () => ({ token: 'no token', templateId: TEMPLATE }), 'token: expected a project token'],
      ['no template', () => ({ token: 'fusqadtm' }), 'templateId: expected SECU_ and 32 hex digits'],
      [
        'a secret key',
        () => ({ token: 'x', templateId: SECRET }),
        'templateId: expected no secret key: revoke it, use a SECU_ template',
      ],
      ['nothing', () => ({}), 'auth: expected what createAuth returns, or options: token="…" templateId="…"'],
      [
        'no auth yet',
        () => ({ auth: undefined }),
        'auth: expected what createAuth returns, or options: token="…" templateId="…"',
      ],
      [
        'options in the place of an auth',
        () => ({ auth: { token: 'fusqadtm', templateId: TEMPLATE } }),
        'auth: expected what createAuth returns, or options: token="…" templateId="…"',
      ],
      [
        'options beside an auth',
        () => ({ auth: openService().open(), timeoutMs: 5 }),
        'timeoutMs: expected no options beside auth; give them to createAuth',
      ],
    ])('for %s', async (_, props, message) => {
      expect(await messageOf(element(FilerobotAuthProvider, props()))).toBe(message)
    })

    it('where a hook has no provider above it', async () => {
      const Lost = () => element('p', null, useFilerobotAuth().state.status)
      expect(await messageOf(element(Lost, null))).toBe(
        'useFilerobotAuth: there is no FilerobotAuthProvider above this component; put one around it, or pass an auth of your own to the hook that needs one',
      )
    })
  })
})
