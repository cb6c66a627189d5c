import type { FrameworkHooks } from './framework.js'
import { isSameValue } from './same-value.js'

/** Makes the hooks that follow what is given in each rendering. */
export function createLatestHooks({ useEffect, useRef, useState }: FrameworkHooks) {
  return {
    /** `value`, as the very object that it was before for as long as it means the same. */
    useKept<T extends object>(value: T): T {
      const [kept, keep] = useState(value)
      if (isSameValue(kept, value)) return kept
      // State and no ref: a rendering that comes to nothing then leaves nothing behind. The next one begins at once.
      keep(value)
      return value
    },
    /** Holds the `value` of the rendering that is shown, for callbacks. */
    useLatest<T>(value: T): { readonly current: T } {
      const latest = useRef(value)
      useEffect(() => {
        latest.current = value
      })
      return latest
    },
  }
}
