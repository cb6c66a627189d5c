/** The one time of tabs and service: it passes when it is told to. */
export class SimulatedTime {
  /** Milliseconds since 1970. */
  nowMs = Date.UTC(2026, 2, 2, 9)
  readonly #waits = new Set<{ atMs: number; end: () => void }>()

  /** Resolves when so much has passed; for what the service delays. */
  wait = (durationMs: number): Promise<void> =>
    new Promise(resolve => {
      const wait = { atMs: this.nowMs + durationMs, end: () => resolve() }
      this.#waits.add(wait)
    })

  get nextWaitAtMs(): number {
    return Math.min(Number.MAX_SAFE_INTEGER, ...[...this.#waits].map(({ atMs }) => atMs))
  }

  /** @returns whether something had waited for it */
  passTo(atMs: number): boolean {
    let hasEnded = false
    this.nowMs = Math.max(this.nowMs, atMs)
    for (const wait of this.#waits) {
      if (wait.atMs > this.nowMs) continue
      this.#waits.delete(wait)
      wait.end()
      hasEnded = true
    }
    return hasEnded
  }
}
