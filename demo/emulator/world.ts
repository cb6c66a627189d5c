import type { Clock } from './clock.ts'
import { noFaults } from './fault-specs.ts'
import type { Faults } from './faults.ts'
import { createFileStore, type FileStore } from './file-store.ts'
import { createHeldAnswers, type HeldAnswers } from './held-answers.ts'
import { createKeyRegister, type KeyRegister } from './keys.ts'
import { createRateWindow, type RateWindow } from './rate-window.ts'
import { Refusal } from './refusal.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import type { CountryOf } from './source-scope.ts'
import type { Template } from './templates.ts'
import { createUploadLimits, type UploadLimits } from './upload-limits.ts'

export interface Project {
  readonly token: string
  /** 32 hexadecimal digits each. */
  readonly secretKeys: readonly string[]
  readonly files: FileStore
}

/** What was counted since the start, or the last reset. */
export interface Counters {
  keysIssued: number
  keyRequests: number
  keyRequestsRefused: number
  preflights: number
  uploads: number
  deliveries: number
}

/** Everything that the emulator remembers; a reset makes a new one. */
export interface World {
  readonly clock: Clock
  readonly countryOf: CountryOf
  faults: Faults
  readonly counters: Counters
  readonly keys: KeyRegister
  readonly uploadLimits: UploadLimits
  readonly log: RequestLog
  readonly held: HeldAnswers
  /** Requests that came and whose answer has not begun yet, the admin's apart. */
  openRequests: number
  /** Aborted when this world ends, so that requests that hang in it end too. */
  readonly ended: AbortController
  readonly projects: Map<string, Project>
  addProject(token: string, secretKeys: string[]): Project
  /** @throws {Refusal} when there is no such project */
  project(token: string): Project
  putTemplate(template: Template): void
  template(token: string, id: string): Template | undefined
  templates(): Template[]
  /** The key requests of one template and address. */
  keyWindow(template: Template, address: string): RateWindow
}

export function createWorld(clock: Clock, countryOf: CountryOf, lastLogId: number): World {
  const templates = new Map<string, Template>()
  const keyWindows = new Map<string, RateWindow>()
  const faults = () => world.faults
  const idOf = (token: string, templateId: string) => `${token}/${templateId.toLowerCase()}`

  const world: World = {
    clock,
    countryOf: address => world.faults.callerCountry || countryOf(address),
    faults: noFaults(),
    counters: { keysIssued: 0, keyRequests: 0, keyRequestsRefused: 0, preflights: 0, uploads: 0, deliveries: 0 },
    keys: createKeyRegister(clock, faults),
    uploadLimits: createUploadLimits(clock, faults),
    log: createRequestLog(lastLogId),
    held: createHeldAnswers(),
    openRequests: 0,
    ended: new AbortController(),
    projects: new Map(),
    addProject(token, secretKeys) {
      const project: Project = { token, secretKeys, files: createFileStore(token) }
      world.projects.set(token, project)
      return project
    },
    project(token) {
      const project = world.projects.get(token)
      if (!project) throw new Refusal(404, 'TOKEN_NOT_FOUND', 'There is no such project')
      return project
    },
    putTemplate(template) {
      templates.set(idOf(template.token, template.id), template)
    },
    template: (token, id) => templates.get(idOf(token, id)),
    templates: () => [...templates.values()],
    keyWindow(template, address) {
      const id = `${idOf(template.token, template.id)} ${address}`
      const window = keyWindows.get(id) ?? createRateWindow(() => world.faults.limitWindow)
      keyWindows.set(id, window)
      return window
    },
  }
  return world
}
