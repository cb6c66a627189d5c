// The signal is in a file of its own, so that an app without signals holds nothing of them.
export { authSignal } from './auth-signal.js'
export * from './preact-hooks.js'
