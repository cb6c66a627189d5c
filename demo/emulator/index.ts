/**
 * A local Filerobot API, for development and tests, as the entry `filerobot-widget-auth/emulator`. For Node.
 *
 * @packageDocumentation
 */
export { createEmulator, type Emulator, type EmulatorApp, type EmulatorOptions } from './emulator.ts'
export type { ApiAnswer, Faults, HeldKind, KeyAnswer, NameClash, NoAnswer } from './faults.ts'
export type { Wait } from './http/latency.ts'
export type { Permission } from './permissions.ts'
export type { WindowKind } from './rate-window.ts'
export type { LogEntry, RequestKind } from './request-log.ts'
export type { FileSummary } from './routes/admin.ts'
export { SEED, type SeedFile, type SeedOptions } from './seed/index.ts'
export { type RunningEmulator, type ServerOptions, startEmulator } from './server.ts'
export type { CountryOf } from './source-scope.ts'
export type { Template, TemplateInput } from './templates.ts'
export type { Counters } from './world.ts'
