export type { ServiceWorkerOptions } from './config.js'
export { createFetchHandler, type FetchEventLike, type FetchHandler } from './fetch-handler.js'
export {
  type RegistrationOptions,
  registerServiceWorker,
  type ServiceWorkerConnection,
  serviceWorkerUrl,
  type TrustedScriptUrl,
} from './register.js'
