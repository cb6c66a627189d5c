import type { AuthState } from '../../src/index.ts'

type ShownStatus = AuthState['status'] | 'waiting'

const WORDS: Record<ShownStatus, string> = {
  idle: 'Idle',
  loading: 'Loading',
  waiting: 'Waiting',
  ready: 'Ready',
  error: 'Error',
}

/** A wait is a kind of loading, of which the end is known. */
export function shownStatus({ status, retryAtMs }: AuthState): ShownStatus {
  return status === 'loading' && retryAtMs ? 'waiting' : status
}

export function StatusPill({ status }: { status: ShownStatus }) {
  return (
    <output class="status" data-status={status}>
      {WORDS[status]}
    </output>
  )
}
