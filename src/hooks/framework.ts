/** The hooks of React and Preact, as far as they are used here. */
export interface FrameworkHooks {
  useState<S>(initial: S): [state: S, set: (next: S) => void]
  useRef<T>(initial: T): { current: T }
  useMemo<T>(make: () => T, dependencies: unknown[]): T
  useEffect(effect: () => void | (() => void), dependencies?: unknown[]): void
}

/** React's `useSyncExternalStore`, and what stands for it in Preact. */
export type ExternalStoreHook = <S>(
  subscribe: (changed: () => void) => () => void,
  /** The same value until something changes. */
  snapshot: () => S,
  /** On a server, and in the first rendering of what came from one. */
  serverSnapshot: () => S,
) => S
