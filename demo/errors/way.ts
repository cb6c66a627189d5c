import type { Auth, AuthOptions } from '../../src/index.ts'
import type { Faults } from '../page/emulator-link.ts'
import type { Stage } from './stage.ts'

/** One way to come to an error: a real fault of the API, or a real mistake in using the library. */
export interface Way {
  /** In a link, after the error's code. */
  id: string
  label: string
  /** What is wrong, in a sentence. */
  about: string
  /** What a developer wrote. */
  call: string
  /** Rejects, or throws, the error. */
  produce(stage: Stage): Promise<unknown>
  /** The `auth` that goes on trying by itself, as on a site; nothing where nobody tries again. */
  retries?: true
  /** What would mend it, done; nothing where time alone does. */
  mend?: Mend
}

export interface Mend {
  label: string
  /** Resolves with how that was seen; with nothing where the `auth` finds out by itself. */
  run(stage: Stage): Promise<string | undefined>
}

const GET_KEY = 'await auth.getKey()'

/** Everybody gets its answer at once: what a caller would wait for is to be seen. */
const AT_ONCE = { maxWaitMs: 0 }

/** The service answers the key request in this way. */
export function brokenKeyRequest(
  way: Pick<Way, 'id' | 'label' | 'about'>,
  faults: Faults,
  options?: Partial<AuthOptions>,
): Way {
  return {
    ...way,
    call: GET_KEY,
    retries: true,
    async produce(stage) {
      await stage.allow()
      await stage.breakApi(faults)
      await stage.open(options).getKey(AT_ONCE)
    },
    mend: serviceIsWell,
  }
}

const serviceIsWell: Mend = {
  label: 'Make the service well',
  async run(stage) {
    await stage.mendApi()
    return undefined
  },
}

/** `createAuth` with an option that cannot be right. */
export function wrongOption(way: Pick<Way, 'id' | 'label' | 'about' | 'call'>, options: Partial<AuthOptions>): Way {
  return {
    ...way,
    // `async`, so that what is thrown is a rejection like the others.
    async produce(stage) {
      stage.open(options)
    },
    mend: {
      label: 'Use the right option',
      async run(stage) {
        await stage.allow()
        await stage.open().getKey()
        return 'createAuth takes it, and there is a key.'
      },
    },
  }
}

/** A signed request that fails although there is a key. */
export function brokenRequest(
  way: Pick<Way, 'id' | 'label' | 'about' | 'call'>,
  { faults, send, mend }: { faults?: Faults; send(stage: Stage, auth: Auth): Promise<unknown>; mend: Mend },
): Way {
  return {
    ...way,
    async produce(stage) {
      await stage.allow()
      if (faults) await stage.breakApi(faults)
      await send(stage, stage.open())
    },
    mend,
  }
}

/** Mends by doing the same with a service that is well, or with other options. */
export function sendAgain(label: string, send: (stage: Stage) => Promise<Response>): Mend {
  return {
    label,
    async run(stage) {
      await stage.mendApi()
      const { status } = await send(stage)
      return `Sent with the key, and answered with ${status}.`
    },
  }
}
