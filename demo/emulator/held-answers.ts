/** Answers that are being kept back. */
export interface HeldAnswers {
  readonly count: number
  /** Resolves with `true` when it is released, with `false` when `over` is aborted first. */
  wait(over: AbortSignal): Promise<boolean>
  /** Lets all of them go. Returns how many they were. */
  release(): number
}

export function createHeldAnswers(): HeldAnswers {
  const waiting = new Set<(isReleased: boolean) => void>()
  return {
    get count() {
      return waiting.size
    },
    wait: over =>
      new Promise(resolve => {
        const settle = (isReleased: boolean) => {
          waiting.delete(settle)
          resolve(isReleased)
        }
        if (over.aborted) return resolve(false)
        over.addEventListener('abort', () => settle(false), { once: true })
        waiting.add(settle)
      }),
    release() {
      const { size } = waiting
      for (const settle of [...waiting]) settle(true)
      return size
    },
  }
}
