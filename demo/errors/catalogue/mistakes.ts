import type { AuthErrorCode } from '../../../src/index.ts'
import type { Stage } from '../stage.ts'
import { brokenRequest, sendAgain, wrongOption } from '../way.ts'
import type { CataloguedError } from './catalogue.ts'

/** Made up, and assembled here so that nobody takes it for one that leaked. */
const MADE_UP_SECRET = '0123456789abcdef'.repeat(2)

const list = (stage: Stage) => stage.open().fetch(stage.filesUrl)

/** Mistakes in the use of the library: trying again does not help. */
export const mistakes = {
  invalid_options: {
    gist: 'A mistake in the page: an option is wrong, or a request that cannot carry a key.',
    mended: 'Read the message: it names the option and what was expected. A secret key has to be revoked besides.',
    ways: [
      wrongOption(
        {
          id: 'secret-key',
          label: 'A secret key in the page',
          about: 'An API secret key stands where the template’s identifier belongs. It is refused, and not repeated.',
          call: "createAuth({ token, templateId: '0123…cdef' })",
        },
        { templateId: MADE_UP_SECRET },
      ),
      wrongOption(
        {
          id: 'token',
          label: 'A token that is none',
          about: 'The project token has blanks in it.',
          call: "createAuth({ token: 'my project', templateId })",
        },
        { token: 'my project' },
      ),
      wrongOption(
        {
          id: 'plain-http',
          label: 'An API without TLS',
          about: 'The key would travel where everybody can read it.',
          call: "createAuth({ token, templateId, apiBase: 'http://api.example.com' })",
        },
        { apiBase: 'http://api.example.com' },
      ),
      brokenRequest(
        {
          id: 'no-cors',
          label: 'A request without headers',
          about: 'A request in the mode “no-cors” cannot have the key’s header.',
          call: "await auth.fetch(url, { mode: 'no-cors' })",
        },
        {
          send: (stage, auth) => auth.fetch(stage.filesUrl, { mode: 'no-cors' }),
          mend: sendAgain('Send it in the usual mode', list),
        },
      ),
    ],
  },
  origin_not_allowed: {
    gist: 'The key would have gone to an address for which it is not meant. Nothing was sent there.',
    mended: 'Add the origin that the message names to allowedOrigins, or ask for the final address.',
    ways: [
      brokenRequest(
        {
          id: 'elsewhere',
          label: 'Another server',
          about: 'The page wants a signed request to its own server, which nobody allowed.',
          call: 'await auth.fetch(`${location.origin}/demo-config.json`)',
        },
        {
          send: (_, auth) => auth.fetch(`${location.origin}/demo-config.json`),
          mend: sendAgain('Allow the origin', stage =>
            stage.open({ allowedOrigins: [location.origin] }).fetch(`${location.origin}/demo-config.json`),
          ),
        },
      ),
      brokenRequest(
        {
          id: 'redirect',
          label: 'A redirect',
          about: 'The API sends the request on. The browser would take the key along, wherever that leads.',
          call: 'await auth.fetch(url)',
        },
        {
          faults: { apiAnswer: 'redirect' },
          send: (stage, auth) => auth.fetch(stage.filesUrl),
          mend: sendAgain('Ask for the final address', list),
        },
      ),
    ],
  },
  disposed: {
    gist: 'A call came after the end of its auth.',
    mended: 'Call createAuth again, or dispose later.',
    ways: [
      {
        id: 'late-call',
        label: 'A call that comes late',
        about: 'The page has called auth.dispose(), and something still wants a key.',
        call: 'auth.dispose()\nawait auth.getKey()',
        async produce(stage) {
          await stage.allow()
          const auth = stage.open()
          auth.dispose()
          await auth.getKey()
        },
        mend: {
          label: 'Create another',
          async run(stage) {
            await stage.open().getKey()
            return 'The new one has a key.'
          },
        },
      },
    ],
  },
} satisfies Partial<Record<AuthErrorCode, CataloguedError>>
