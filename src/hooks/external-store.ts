import type { ExternalStoreHook, FrameworkHooks } from './framework.js'

/**
 * Makes React's `useSyncExternalStore` for Preact, whose own is in `preact/compat` and knows no `serverSnapshot`.
 *
 * Nothing tells a component of Preact whether it is hydrated, and attributes that differ then would stay as the server
 * had them. So each shows the server's snapshot first, and before anything is painted what is there.
 */
export function createExternalStoreHook({
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
}: FrameworkHooks & { useLayoutEffect: FrameworkHooks['useEffect'] }): ExternalStoreHook {
  return <S>(subscribe: (changed: () => void) => () => void, snapshot: () => S, serverSnapshot: () => S): S => {
    const [, renderAgain] = useState({})
    /** What is shown, or is going to be. Nothing in the first rendering. */
    const shown = useRef<{ value: S } | undefined>(undefined)
    const value = shown.current ? snapshot() : serverSnapshot()
    const look = useMemo(
      () => () => {
        const value = snapshot()
        if (value === shown.current?.value) return
        // Effects that wait are run at the beginning of the next rendering, and shall not ask for one more.
        shown.current = { value }
        renderAgain({})
      },
      [snapshot],
    )
    useLayoutEffect(() => {
      shown.current = { value }
      look()
    }, [value, look])
    useEffect(() => {
      // Between layout and now it may have changed too.
      look()
      return subscribe(look)
    }, [subscribe, look])
    return value
  }
}
