import type { AuthError } from '../errors.js'
import { callHost } from '../host.js'
import type { Auth } from '../types.js'
import { connectUploader, type UploaderOptions } from '../widgets/uploader/connection.js'
import type { UploaderCore } from '../widgets/uploader/core.js'
import { visitorWords } from '../widgets/uploader/visitor-words.js'
import type { FrameworkHooks } from './framework.js'
import { createLatestHooks } from './latest.js'

/** What `useFilerobotUploader` returns. */
export type UploaderState =
  | { /** There is no instance yet, or it has no key yet. */ status: 'loading'; error?: undefined }
  | { /** It has a key, and knows what that permits. */ status: 'ready'; error?: undefined }
  | {
      /** No key can be had. The widget says so too; it is `'ready'` again when one comes. */
      status: 'error'
      /** `invalid_options` where the instance cannot be connected. */
      error: AuthError
    }

const LOADING: UploaderState = { status: 'loading' }
const READY: UploaderState = { status: 'ready' }

/** Makes the hook that connects a live uploader for as long as the component is mounted. */
export function createUploaderHook(framework: FrameworkHooks) {
  const { useEffect, useMemo, useState } = framework
  const { useLatest } = createLatestHooks(framework)
  return (auth: Auth, filerobot: UploaderCore | null | undefined, options: UploaderOptions = {}): UploaderState => {
    const { minValidityMs } = options
    const latest = useLatest(options)
    const request = useMemo(() => ({ auth, filerobot, minValidityMs }), [auth, filerobot, minValidityMs])
    const [outcome, setOutcome] = useState<{ request: typeof request; state: UploaderState } | undefined>(undefined)

    useEffect(() => {
      const { auth, filerobot, minValidityMs } = request
      if (!filerobot) return
      let isIntroduced = false
      let state = LOADING
      const show = (next: UploaderState) => {
        if (next === state) return
        state = next
        setOutcome({ request, state })
      }
      const showReady = () => {
        isIntroduced = true
        show(READY)
      }
      const ends: (() => void)[] = []
      try {
        ends.push(
          connectUploader(auth, filerobot, {
            minValidityMs,
            describe: error => (latest.current.describe ?? visitorWords)(error),
            onReady() {
              showReady()
              callHost(() => latest.current.onReady?.(), undefined)
            },
            onError(error) {
              show({ status: 'error', error })
              callHost(() => latest.current.onError?.(error), undefined)
            },
          }),
        )
        // The connection tells of its first key only.
        ends.push(auth.subscribe(({ status }) => isIntroduced && status === 'ready' && showReady()))
      } catch (error) {
        show({ status: 'error', error: error as AuthError })
      }
      return () => {
        for (const end of ends) end()
        // For a component that is only hidden, and comes back with its state.
        setOutcome(undefined)
      }
    }, [request, latest])

    return outcome?.request === request ? outcome.state : LOADING
  }
}
