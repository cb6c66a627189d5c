import { AuthError } from '../errors.js'
import { callHost } from '../host.js'
import { race } from '../race.js'
import { CLAIM, differingOption, invalid, readConfig, type ServiceWorkerOptions, withConfig } from './config.js'
import { explainedRefusal } from './refused-registration.js'

/** A `TrustedScriptURL`, made by a policy of the site's. */
export interface TrustedScriptUrl {
  toString(): string
  toJSON(): string
}

/** What {@link registerServiceWorker} takes besides the options of `createAuth`. */
export interface RegistrationOptions extends ServiceWorkerOptions {
  /** The pages that the worker is for: all whose URL begins with this. @default the folder of the worker's file */
  scope?: string | URL | undefined
  /**
   * Another worker has taken this page over: another tab has registered other options under the same scope, so this
   * page's images may be signed with another key or not at all. @default a warning in the console
   */
  onReplaced?: ((scriptUrl: string) => void) | undefined
}

/** What {@link registerServiceWorker} resolves with. */
export interface ServiceWorkerConnection {
  /** The browser's own. */
  readonly registration: ServiceWorkerRegistration
  /**
   * Takes the worker away from all tabs. Pages that are open keep it until they are loaded anew: browsers want it so.
   * May be called again.
   */
  unregister(): Promise<void>
}

/** How long a new worker may take to be installed, and to take this page over. */
const CONTROL_TIMEOUT_MS = 10_000

/**
 * The URL under which the worker is registered: the hosted file's, with the options in its query. Only needed for a
 * policy of Trusted Types; a plain string or URL gets its options from {@link registerServiceWorker}.
 *
 * @param scriptUrl where the file `filerobot-widget-auth.service-worker.js` is hosted; may be relative to the page
 * @throws {AuthError} `invalid_options`, naming the option
 */
export function serviceWorkerUrl(scriptUrl: string | URL, options: ServiceWorkerOptions): string {
  return withConfig(readUrl('scriptUrl', scriptUrl), options, globalThis.document?.baseURI).href
}

/**
 * Registers the hosted worker, which signs what `<img>` and other elements load. When it resolves the worker is in
 * charge of this page, also after a hard reload: every image from now on is signed. One call for each page load.
 *
 * @param scriptUrl where the file `filerobot-widget-auth.service-worker.js` is hosted, on the page's own origin; as a
 *   `TrustedScriptURL` it has to be made of {@link serviceWorkerUrl} with the same options
 * @param options those that the page gives to `createAuth`, so that both share one key
 *
 * @example `await registerServiceWorker('/filerobot-widget-auth.service-worker.js', { token: 'fusqadtm', templateId: 'SECU_…' })`
 * @throws {AuthError} `invalid_options`, naming what is wrong, with nothing registered; `network` or `server` when the
 *   file could not be loaded; `timeout` when the worker does not take the page over in time
 */
export async function registerServiceWorker(
  scriptUrl: string | URL | TrustedScriptUrl,
  options: RegistrationOptions,
): Promise<ServiceWorkerConnection> {
  const { scope: wantedScope, onReplaced = warn, ...authOptions } = options ?? {}
  const given = readUrl('scriptUrl', scriptUrl)
  const url = withConfig(given, authOptions, globalThis.document?.baseURI)
  const isPlain = typeof scriptUrl === 'string' || scriptUrl instanceof URL
  const differing = differingOption(given, url)
  // Nothing can be appended to what a policy has made, and what says something else is a mistake.
  if (differing && !(isPlain && !readConfig(given))) {
    throw invalid('scriptUrl', `must be what serviceWorkerUrl makes of the same options: ${differing} differs`)
  }
  const scope = wantedScope === undefined ? new URL('.', url) : readUrl('scope', wantedScope)
  const container = workersOf(url, scope)

  let registration: ServiceWorkerRegistration
  try {
    registration = await container.register(isPlain ? url.href : (scriptUrl as unknown as string), {
      scope: scope.href,
    })
  } catch (error) {
    throw await explainedRefusal(error, url, scope)
  }
  await takeOver(container, registration, url.href)

  const watching = new AbortController()
  let unregistered: Promise<boolean> | undefined
  const onChange = () => {
    const { scriptURL = url.href } = container.controller ?? {}
    if (scriptURL !== url.href) callHost(onReplaced, scriptURL)
  }
  container.addEventListener('controllerchange', onChange, { signal: watching.signal })
  onChange()
  return {
    registration,
    async unregister() {
      watching.abort()
      await (unregistered ??= registration.unregister())
    },
  }
}

function readUrl(option: string, address: string | URL | TrustedScriptUrl): URL {
  try {
    const url = new URL(String(address), globalThis.document?.baseURI)
    url.hash = ''
    return url
  } catch {
    throw invalid(option, 'must be a URL')
  }
}

/** The browser's service workers, where they can serve this page. */
function workersOf(script: URL, scope: URL): ServiceWorkerContainer {
  const { origin, href } = location
  if (script.origin !== origin) {
    throw invalid('scriptUrl', `must be on this page's own origin, ${origin}: host a copy of the file there`)
  }
  if (scope.origin !== origin) throw invalid('scope', `must be on this page's own origin, ${origin}`)
  if (!href.startsWith(scope.href)) {
    throw invalid(
      'scope',
      `${scope.pathname} does not hold this page, ${location.pathname}; see docs/service-worker.md`,
    )
  }
  let container: ServiceWorkerContainer | undefined
  try {
    // In a sandboxed frame the look alone throws.
    container = navigator.serviceWorker
  } catch {}
  if (!container) {
    const why = isSecureContext ? 'a private window or a sandboxed frame has none' : 'the page must come by https'
    throw invalid('serviceWorker', `not to be had here: ${why}`)
  }
  return container
}

/** Resolves when the worker of that URL controls this page. */
async function takeOver(container: ServiceWorkerContainer, registration: ServiceWorkerRegistration, scriptUrl: string) {
  const controlled = (over: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const worker = [registration.active, registration.waiting, registration.installing].find(
        candidate => candidate?.scriptURL === scriptUrl,
      )
      const look = () => {
        if (container.controller?.scriptURL === scriptUrl) resolve()
        else if (worker?.state === 'activated') worker.postMessage(CLAIM)
        else if (!worker || worker.state === 'redundant') {
          reject(invalid('scriptUrl', 'the worker was replaced before it began, by another tab with other options'))
        }
      }
      container.addEventListener('controllerchange', look, { signal: over })
      worker?.addEventListener('statechange', look, { signal: over })
      look()
    })
  try {
    await race(controlled, [], CONTROL_TIMEOUT_MS)
  } catch (error) {
    if ((error as AuthError).code !== 'timeout') throw error
    throw new AuthError('timeout', `The worker did not take this page over within ${CONTROL_TIMEOUT_MS} ms`)
  }
}

function warn(scriptUrl: string): void {
  const { pathname } = new URL(scriptUrl)
  console.warn(`filerobot-widget-auth: another worker (${pathname}) serves this page now; give each its own scope`)
}
