import { AuthError } from '../errors.js'
import { invalid } from './config.js'

/**
 * Says what a browser means by refusing to register a worker: its own errors are a `SecurityError` or a `TypeError` for
 * five different mistakes. Asks for the file, which costs nothing where all is well.
 */
export async function explainedRefusal(refusal: unknown, script: URL, scope: URL): Promise<AuthError> {
  const { name } = refusal as Error
  const response = await fetch(script, { cache: 'no-store' }).catch(() => undefined)
  void response?.body?.cancel()
  if (!response) return new AuthError('network', `The worker's file ${script.pathname} could not be loaded`)
  const { status, headers, redirected } = response
  if (status >= 500) return new AuthError('server', `The worker's file was answered with ${status}`, { status })
  if (!response.ok) {
    return invalid(
      'scriptUrl',
      `${script.pathname} was answered with ${status}: host a copy of the worker's file there`,
    )
  }
  if (redirected) return invalid('scriptUrl', `${script.pathname} is redirected, which browsers refuse for a worker`)
  const type = headers.get('Content-Type') ?? ''
  if (!/^\s*(text|application)\/(x-)?(java|ecma)script\b/i.test(type)) {
    return invalid('scriptUrl', `${script.pathname} must be served as text/javascript, and is "${type}"`)
  }
  const allowed = new URL(headers.get('Service-Worker-Allowed') ?? '.', script)
  if (!scope.pathname.startsWith(allowed.pathname)) {
    return invalid(
      'scope',
      `${scope.pathname} is more than a file in ${allowed.pathname} may serve: host it in ${scope.pathname}, or send it ` +
        `with the header Service-Worker-Allowed: ${scope.pathname}`,
    )
  }
  return invalid(
    'scriptUrl',
    `this browser refuses to register the worker (${name}): the Content Security Policy must allow it in worker-src, ` +
      'Trusted Types want what a policy makes of serviceWorkerUrl(…), and a visitor may have forbidden storage',
  )
}
