import { effect, signal } from '@preact/signals'
import { isAuthError } from '../../src/index.ts'
import { registerServiceWorker, type ServiceWorkerConnection } from '../../src/service-worker/index.ts'
import type { Connection } from './connection.ts'
import { connection } from './session.ts'

const FILE = '/filerobot-widget-auth.service-worker.js'
const CHOICE = 'filerobot-demo.service-worker'

/** Whether pictures are to be signed: remembered, since each page has to make its call. */
export const isWanted = signal(readChoice())
/** What came of it. */
export const signing = signal<'off' | 'beginning' | 'on' | 'failed'>('off')
export const signingProblem = signal('')

let registered: ServiceWorkerConnection | undefined
let turn = 0

effect(() => {
  const options = connection.value
  if (options) void (isWanted.value ? begin(options) : end())
})

export function chooseSigning(wanted: boolean): void {
  isWanted.value = wanted
  try {
    localStorage.setItem(CHOICE, String(wanted))
  } catch {
    // Then it is chosen for this page only.
  }
}

async function begin({ token, templateId, apiBase }: Connection): Promise<void> {
  const mine = ++turn
  signing.value = 'beginning'
  try {
    const connected = await registerServiceWorker(FILE, { token, templateId, apiBase })
    if (mine !== turn) return
    registered = connected
    signing.value = 'on'
  } catch (error) {
    if (mine !== turn) return
    signing.value = 'failed'
    signingProblem.value = isAuthError(error) ? error.message : String(error)
  }
}

async function end(): Promise<void> {
  turn++
  signing.value = 'off'
  await registered?.unregister()
  registered = undefined
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(CHOICE) === 'true'
  } catch {
    return false
  }
}
