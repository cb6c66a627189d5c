/** The hooks of React and Preact, as far as they are used here. */
export interface FrameworkHooks {
  useState<S>(initial: S): [state: S, set: (next: S) => void]
  useRef<T>(initial: T): { current: T }
  useMemo<T>(make: () => T, dependencies: unknown[]): T
  useEffect(effect: () => void | (() => void), dependencies?: unknown[]): void
}
