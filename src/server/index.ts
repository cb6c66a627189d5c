export type { Authorize } from './admission.js'
export { createKeyHandler, type KeyHandler, type KeyHandlerContext, type KeyHandlerOptions } from './key-handler.js'
