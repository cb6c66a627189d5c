import { type EmulatorLink, type LogEntry, readLog } from './emulator-link.ts'

const USUAL_POLL_MS = 700

/**
 * Tells what was asked of the emulator since an entry of its log, for as long as somebody looks.
 *
 * @returns ends it
 */
export function followLog(
  link: EmulatorLink,
  since: number,
  tell: (entries: LogEntry[]) => void,
  pollMs = USUAL_POLL_MS,
): () => void {
  let after = since
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  const poll = async () => {
    if (!document.hidden) {
      try {
        const entries = await readLog(link, after)
        if (ended) return
        after = entries.at(-1)?.id ?? after
        tell(entries)
      } catch {
        // Stopped, or started anew: the next look will tell.
      }
    }
    if (!ended) timer = setTimeout(() => void poll(), pollMs)
  }
  void poll()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
