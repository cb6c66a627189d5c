/**
 * Rejections that nobody handles, and errors that nobody catches, as Node reports them: after the microtasks, before
 * the next task of the event loop. The test runner's own listeners are set aside meanwhile, so that a schedule can be
 * shrunk to what causes them.
 */
export function watchRejections(): { take(): unknown[]; end(): void } {
  const events = ['unhandledRejection', 'uncaughtException'] as const
  const seen: unknown[] = []
  const keep = (reason: unknown) => void seen.push(reason)
  const others = events.map(event => {
    const listeners = process.listeners(event as 'uncaughtException')
    process.removeAllListeners(event)
    process.on(event, keep)
    return { event, listeners }
  })
  return {
    take: () => seen.splice(0),
    end() {
      for (const { event, listeners } of others) {
        process.off(event, keep)
        for (const listener of listeners) process.on(event, listener)
      }
    },
  }
}
