import { AuthError } from '../errors.js'
import type { Auth, AuthOptions } from '../types.js'
import type { FrameworkHooks } from './framework.js'
import { createLatestHooks } from './latest.js'
import { type ProvidedAuth, provideAuth } from './provided-auth.js'

/** What `FilerobotAuthProvider` takes: an `auth` that the app has made, or the options of `createAuth`. */
export type AuthProviderProps<Children> = { children?: Children | undefined } & (
  | ({
      /** What `createAuth` returned. It is the app's: the provider never disposes of it. */
      auth: Auth
    } & { [Name in keyof AuthOptions]?: undefined })
  | (AuthOptions & { auth?: undefined })
)

/**
 * Makes the component that gives an auth to all below it.
 *
 * @param provide renders the context's own provider
 */
export function createAuthProvider<Children, Rendered>(
  framework: FrameworkHooks,
  provide: (auth: Auth, children: Children | undefined) => Rendered,
): (props: AuthProviderProps<Children>) => Rendered {
  const { useEffect, useMemo } = framework
  const { useKept } = createLatestHooks(framework)
  return function FilerobotAuthProvider({ children, auth, ...given }) {
    const options = given as AuthOptions
    // Another function is no change. That there is one at all is: it decides where keys come from.
    const kept = useKept({ options, functions: [typeof options.requestKey, typeof options.fetch] })
    const { auth: shown, provided } = useMemo(() => takeUp(auth, kept.options), [auth, kept])
    useEffect(() => provided?.mount(), [provided])
    useEffect(() => provided?.follow(options))
    return provide(shown, children)
  }
}

/** @throws {AuthError} `invalid_options`, naming what is wrong */
function takeUp(auth: Auth | undefined, options: AuthOptions): { auth: Auth; provided?: ProvidedAuth } {
  const name = (Object.keys(options) as (keyof AuthOptions)[]).find(name => options[name] !== undefined)
  if (!auth && name) {
    const provided = provideAuth(options)
    return { auth: provided.auth, provided }
  }
  if (typeof auth?.subscribe !== 'function') {
    throw new AuthError(
      'invalid_options',
      'auth: expected what createAuth returns, or options: token="…" templateId="…"',
    )
  }
  if (name) throw new AuthError('invalid_options', `${name}: expected no options beside auth; give them to createAuth`)
  return { auth }
}
