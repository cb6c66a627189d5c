import type { AuthErrorCode } from '../../../src/index.ts'
import { readState, releaseAnswers, revokeKeys, useUpMinute } from '../../page/emulator-link.ts'
import type { Stage } from '../stage.ts'
import { brokenKeyRequest } from '../way.ts'
import type { CataloguedError } from './catalogue.ts'

const SOON_SECONDS = 10
const SERVICE_LIMIT = 5
const LOOK_MS = 20

/** The library finds out by itself. */
async function allowAnybody(stage: Stage): Promise<undefined> {
  await stage.allow()
}

/** The service answers, and says no. */
export const refusals = {
  template_rejected: {
    gist: 'The service gives no key for this template to this visitor.',
    mended: 'Somebody has to mend the template, or the options that name it. Nobody waits for that.',
    ways: [
      {
        id: 'unknown',
        label: 'A template that does not exist',
        about: 'A typing mistake, or a template that was deleted at the hub.',
        call: 'await auth.getKey()',
        retries: true,
        produce: stage => stage.open().getKey(),
        mend: { label: 'Create the template', run: allowAnybody },
      },
      {
        id: 'country',
        label: 'A visitor from elsewhere',
        about: 'The template is for visitors from France, and this one comes from Germany.',
        call: 'await auth.getKey()',
        retries: true,
        async produce(stage) {
          await stage.allow({ countries: ['FR'] })
          await stage.breakApi({ callerCountry: 'DE' })
          await stage.open().getKey()
        },
        mend: { label: 'Allow every country', run: allowAnybody },
      },
      brokenKeyRequest(
        {
          id: 'status-200',
          label: 'A refusal with the status 200',
          about: 'The answer’s status is 200, and its body says that it is an error.',
        },
        { keyAnswer: 'template_rejected', rejectedStatus: 200 },
      ),
    ],
  },
  rate_limited: {
    gist: 'Too many keys were asked for: five a minute for a template and an address.',
    mended: 'Time alone. The library asks again by itself when the wait is over.',
    ways: [
      {
        id: 'told',
        label: 'Refused, and told how long',
        about: `The service refuses with 429 and says: come again in ${SOON_SECONDS} s.`,
        call: 'await auth.getKey({ maxWaitMs: 0 })',
        retries: true,
        async produce(stage) {
          const told = { retryAfter: 'seconds', retryAfterSeconds: SOON_SECONDS, exposeRetryAfter: true } as const
          await stage.allow()
          await stage.breakApi({ keyAnswer: 'too_many', ...told })
          // Then that was that: the wait is over when the service said it would be.
          try {
            await stage.open().getKey({ maxWaitMs: 0 })
          } finally {
            await stage.mendApi()
          }
        },
      },
      {
        id: 'full-minute',
        label: 'Others were faster',
        about: 'Colleagues behind the same address have used up this minute, and the service does not say how long.',
        call: 'await auth.getKey()',
        retries: true,
        async produce(stage) {
          await stage.allow()
          await useUpMinute(stage.link, stage)
          await stage.open().getKey()
        },
      },
      {
        id: 'own-count',
        label: 'The sixth in a minute',
        about: 'The library counts by itself and does not send what would be refused: the error has no status.',
        call: 'await auth.getKey({ forceRefresh: true })',
        retries: true,
        async produce(stage) {
          await stage.allow()
          const auth = stage.open({ maxKeyRequestsPerMinute: SERVICE_LIMIT })
          for (let count = 0; count < SERVICE_LIMIT; count++) await auth.getKey({ forceRefresh: true })
          // With a good key left, a visitor would notice nothing.
          await auth.clear()
          await auth.getKey({ forceRefresh: true })
        },
      },
    ],
  },
  key_rejected: {
    gist: 'Keys are given, and refused when they are used.',
    mended: 'Look at the template at the hub: something there refuses all of its keys.',
    ways: [
      {
        id: 'revoked',
        label: 'Two keys in a row',
        about: 'Each key is revoked as soon as it is given. After the second the library stops asking for a while.',
        call: 'await auth.fetch(url)',
        retries: true,
        async produce(stage) {
          const { link, filesUrl } = stage
          await stage.allow()
          const auth = stage.open()
          await auth.getKey()
          await revokeKeys(link)
          await stage.breakApi({ holdAnswers: 'key' })
          const outcome = auth.fetch(filesUrl)
          let isOver = false
          outcome
            .catch(() => {})
            .finally(() => {
              isOver = true
            })
          while (!isOver && (await readState(link)).heldAnswers === 0) {
            await new Promise(next => setTimeout(next, LOOK_MS))
          }
          await revokeKeys(link)
          await releaseAnswers(link)
          await stage.mendApi()
          await outcome
        },
      },
    ],
  },
} satisfies Partial<Record<AuthErrorCode, CataloguedError>>
