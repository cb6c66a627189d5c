import type { AuthErrorCode } from '../../../src/index.ts'
import { brokenKeyRequest, brokenRequest, sendAgain } from '../way.ts'
import type { CataloguedError } from './catalogue.ts'

const SHORT_TIMEOUT_MS = 1000

/** No answer, or none that can be used. */
export const failures = {
  network: {
    gist: 'The request did not get through. A browser does not tell a page why.',
    mended: 'If it is some visitors, time. If it is all: CSP’s connect-src, CORS headers of an endpoint of your own.',
    ways: [
      brokenKeyRequest(
        { id: 'dropped', label: 'The connection ends', about: 'It ends before the answer has begun.' },
        { keyAnswer: 'drop' },
      ),
      brokenKeyRequest(
        { id: 'cut-off', label: 'The answer is cut off', about: 'The connection ends in the middle of the answer.' },
        { keyAnswer: 'cut_off' },
      ),
      brokenKeyRequest(
        { id: 'cors', label: 'No CORS headers', about: 'The answer is there, and the page may not read it.' },
        { corsOff: true },
      ),
      brokenRequest(
        {
          id: 'request',
          label: 'A signed request is lost',
          about:
            'The key is there; the request that carries it does not get through. Only you know if it may go twice.',
          call: 'await auth.fetch(url)',
        },
        {
          faults: { apiAnswer: 'drop' },
          send: (stage, auth) => auth.fetch(stage.filesUrl),
          mend: sendAgain('Send it again', stage => stage.open().fetch(stage.filesUrl)),
        },
      ),
    ],
  },
  timeout: {
    gist: `No answer in time. Here that is ${SHORT_TIMEOUT_MS / 1000} s, and 10 s unless you say otherwise.`,
    mended: 'Nothing at first: the library tries again. For slow networks: a longer timeoutMs.',
    ways: [
      brokenKeyRequest(
        { id: 'hang', label: 'No answer at all', about: 'The service takes the request and stays silent.' },
        { keyAnswer: 'hang' },
        { timeoutMs: SHORT_TIMEOUT_MS },
      ),
      brokenKeyRequest(
        { id: 'stalled', label: 'Half an answer', about: 'Half of the answer comes, and then nothing.' },
        { keyAnswer: 'stalled' },
        { timeoutMs: SHORT_TIMEOUT_MS },
      ),
    ],
  },
  server: {
    gist: 'The service has a problem of its own, and says so.',
    mended: 'Nothing at first: the library tries again. The status tells what was answered.',
    ways: [
      brokenKeyRequest(
        { id: '500', label: '500', about: 'The service fails.' },
        { keyAnswer: 'server_error', errorStatus: 500 },
      ),
      brokenKeyRequest(
        { id: '503', label: '503', about: 'The service is down for maintenance.' },
        { keyAnswer: 'server_error', errorStatus: 503 },
      ),
      brokenKeyRequest(
        { id: '408', label: '408', about: 'The service gave up waiting for the request.' },
        { keyAnswer: 'server_error', errorStatus: 408 },
      ),
    ],
  },
  malformed_response: {
    gist: 'What came is not what the service documents.',
    mended: 'Open the key’s address in a browser and look at what comes. Expected is a key that begins with SASS_.',
    ways: [
      brokenKeyRequest(
        { id: 'portal', label: 'A sign-in page', about: 'The hotel’s network answers in the service’s place.' },
        { keyAnswer: 'html' },
      ),
      brokenKeyRequest({ id: 'empty', label: 'Nothing', about: '200, and an empty body.' }, { keyAnswer: 'empty' }),
      brokenKeyRequest({ id: 'no-key', label: 'No key in it', about: 'Success, it says.' }, { keyAnswer: 'no_key' }),
      brokenKeyRequest(
        { id: 'other-key', label: 'Another kind of key', about: 'It does not begin with SASS_.' },
        { keyAnswer: 'wrong_prefix' },
      ),
      brokenKeyRequest(
        { id: 'huge', label: 'Far too much', about: 'A megabyte, with a good key in it.' },
        { keyAnswer: 'huge' },
      ),
    ],
  },
} satisfies Partial<Record<AuthErrorCode, CataloguedError>>
