import { computed, effect, signal } from '@preact/signals'
import { createAuth } from '../../src/index.ts'
import {
  type Connection,
  connectionForLink,
  connectionFrom,
  type DemoConfig,
  readDemoConfig,
} from '../page/connection.ts'
import { emulator, findEmulator, readState } from '../page/emulator-link.ts'
import { errorWords } from '../page/key-calls.ts'
import { type LinkedState, writeQuery } from '../page/link/read-link.ts'
import { chosenTheme } from '../page/theme.ts'
import { beginTrouble, troubleForLink } from '../page/trouble.ts'
import { callRoll, type TabReport } from './roll-call.ts'
import { linkToTab } from './tab-link.ts'

const LOOK_MS = 400
const USUAL_TABS = 2
const FIRST_NAME = 'A'.charCodeAt(0)

/** A tab on this page. A new life makes a new frame, as closing and opening do. */
export interface Frame {
  name: string
  life: number
  /** Fixed when it is opened: another address would load it anew. */
  src: string
}

export const config = signal<DemoConfig | undefined>()
export const connection = signal<Connection | undefined>()
/** Why nothing can be opened. */
export const problem = signal('')
export const frames = signal<readonly Frame[]>([])
/** All tabs that are there, those of other windows too. */
export const reports = signal<ReadonlyMap<string, TabReport>>(new Map())
/** Key requests that came to the API since {@link countAnew}; unknown without the emulator. */
export const keyRequests = signal<number | undefined>()
/** The name of the next tab. */
export const nextName = computed(() => {
  const taken = new Set([
    ...frames.value.map(({ name }) => name),
    ...[...reports.value.values()].map(({ name }) => name),
  ])
  let code = FIRST_NAME
  while (taken.has(String.fromCharCode(code))) code++
  return String.fromCharCode(code)
})

let lives = 0
let countedBefore = 0

const roll = callRoll(
  report => {
    reports.value = new Map(reports.value).set(report.id, report)
  },
  id => {
    const left = new Map(reports.value)
    left.delete(id)
    reports.value = left
  },
)
export const { order } = roll

/** Opens the page as a link asks for it. */
export async function openBench(linked: LinkedState): Promise<void> {
  config.value = await readDemoConfig()
  const wanted = connectionFrom(linked, config.value)
  const found = await findEmulator(wanted.apiBase)
  try {
    // Says what is wrong with the options once, and not in each tab.
    const auth = createAuth(wanted)
    await beginTrouble(found, linked)
    if (linked['visitor'] === 'new') await auth.clear()
    auth.dispose()
  } catch (error) {
    problem.value = errorWords(error)
    return
  }
  emulator.value = found
  connection.value = wanted
  await countAnew()
  openTabs(Number(linked['tabs'] ?? USUAL_TABS))
  // Those that were opened by hand before this page was.
  order('report')
}

/** Everybody forgets the key, and all tabs of this page are opened anew, at once. */
export async function startOver(): Promise<void> {
  const known = connection.value
  if (!known) return
  const count = Math.max(1, frames.value.length)
  frames.value = []
  const auth = createAuth(known)
  await auth.clear()
  auth.dispose()
  await countAnew()
  openTabs(count)
}

export function openTab(): void {
  frames.value = [...frames.value, newFrame(nextName.value)]
}

export function closeTab(name: string): void {
  frames.value = frames.value.filter(frame => frame.name !== name)
}

export function reloadTab(name: string): void {
  frames.value = frames.value.map(frame => (frame.name === name ? newFrame(name) : frame))
}

/** Puts the present state into the page's address, and returns that. */
export function linkToTheseTabs(): string {
  const state = {
    ...connectionForLink(connection.value, config.value),
    ...troubleForLink(),
    tabs: frames.value.length === USUAL_TABS || frames.value.length === 0 ? undefined : String(frames.value.length),
    visitor: [...reports.value.values()].some(({ status }) => status === 'ready') ? undefined : 'new',
    theme: chosenTheme(),
  }
  history.replaceState(history.state, '', location.pathname + writeQuery(state))
  return location.href
}

function openTabs(count: number): void {
  frames.value = Array.from({ length: count }, (_, index) => newFrame(String.fromCharCode(FIRST_NAME + index)))
}

function newFrame(name: string): Frame {
  return { name, life: ++lives, src: linkToTab(name, connection.value, config.value) }
}

async function countAnew(): Promise<void> {
  countedBefore = (await countAtApi()) ?? 0
  keyRequests.value = emulator.value && 0
}

async function countAtApi(): Promise<number | undefined> {
  const link = emulator.value
  return link && (await readState(link)).counters.keyRequests
}

// The emulator's own count, for as long as somebody looks.
effect(() => {
  if (!emulator.value) return undefined
  const timer = setInterval(() => void look(), LOOK_MS)
  return () => clearInterval(timer)
})

async function look(): Promise<void> {
  if (document.hidden) return
  const before = countedBefore
  try {
    const count = await countAtApi()
    // A count that was asked for before counting began anew is not of this round.
    if (count !== undefined && before === countedBefore) keyRequests.value = Math.max(0, count - before)
  } catch {
    // Stopped, or started anew: the next look will tell.
  }
}
