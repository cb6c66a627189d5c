import { computed } from '@preact/signals'
import { Notice } from './notice.tsx'
import { auth, authState, failing, nextTry } from './session.ts'

const nextTryMs = computed(() => nextTry.value?.atMs)

function tryNow(): void {
  void auth.value?.getKey({ forceRefresh: true }).catch(() => {})
}

/**
 * The notice of the page's own `auth`. It stays while the next try is waited for and made: a notice that goes and comes
 * with each try is a flicker to the eye, and one more announcement to the ear.
 */
export function VisitorNotice() {
  const { status } = authState.value
  const error = status === 'error' || status === 'loading' ? failing.value : undefined
  return <Notice error={error} nextTryMs={nextTryMs} onTryNow={tryNow} />
}
