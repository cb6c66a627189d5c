import type { Random } from './random.ts'
import type { Tab } from './tab.ts'

/** How the browser's locks are: at work, absent as on an insecure page, refused as in a sandboxed frame, or never granted. */
export type LockKind = 'work' | 'absent' | 'refused' | 'stuck'

interface Claim {
  tab: Tab
  name: string
  isHeld: boolean
  grant: () => void
}

/** The locks of a browser profile: first come, first served; a tab that goes gives its own back. */
export class Locks {
  readonly kind: LockKind
  readonly #random: Random
  #claims: Claim[] = []

  constructor(kind: LockKind, random: Random) {
    this.kind = kind
    this.#random = random
  }

  /** `navigator.locks`, as one tab has it. */
  of(tab: Tab): object | undefined {
    if (this.kind === 'absent') return undefined
    return {
      request: (name: string, options: object, task?: (lock: object) => unknown) =>
        typeof options === 'function'
          ? this.#request(tab, name, {}, options as (lock: object) => unknown)
          : this.#request(tab, name, options, task!),
    }
  }

  /** The names of the locks that a tab holds. */
  heldBy(tab: Tab): string[] {
    return this.#claims.filter(claim => claim.tab === tab && claim.isHeld).map(({ name }) => name)
  }

  isWaiting(tab: Tab): boolean {
    return this.#claims.some(claim => claim.tab === tab && !claim.isHeld)
  }

  releaseAllOf(tab: Tab): void {
    this.#claims = this.#claims.filter(claim => claim.tab !== tab)
    this.#grant()
  }

  #request(tab: Tab, name: string, { signal }: { signal?: AbortSignal }, task: (lock: object) => unknown) {
    return new Promise((resolve, reject) => {
      if (tab.isClosed) return
      if (this.kind === 'refused') return reject(new DOMException('Access is denied', 'SecurityError'))
      if (signal?.aborted) return reject(signal.reason)
      const release = () => {
        this.#claims = this.#claims.filter(other => other !== claim)
        this.#grant()
      }
      const claim: Claim = {
        tab,
        name,
        isHeld: false,
        grant: () => void Promise.resolve({ name }).then(task).finally(release).then(resolve, reject),
      }
      signal?.addEventListener('abort', () => {
        if (claim.isHeld || !this.#claims.includes(claim)) return
        release()
        reject(signal.reason)
      })
      this.#claims.push(claim)
      this.#grant()
    })
  }

  #grant(): void {
    if (this.kind === 'stuck') return
    for (const claim of this.#claims) {
      const first = this.#claims.find(({ name }) => name === claim.name)
      if (claim !== first || claim.isHeld) continue
      // The browser has given it away from now on; a frozen tab learns of it when it is back.
      claim.isHeld = true
      claim.tab.later(this.#random() * 2, claim.grant)
    }
  }
}
