import { render } from 'preact'
import { App } from './page/app.tsx'
import { connectionFrom, readDemoConfig } from './page/connection.ts'
import { typed } from './page/connection-form.tsx'
import { emulator } from './page/emulator-link.ts'
import {
  benchParameters,
  isAboutBench,
  openLinkedWidgets,
  showLinkedState,
  troubleNotes,
} from './page/link/bench-link.ts'
import { linkNotes } from './page/link/link-notes.tsx'
import { readLink, takeKeysOutOfAddress } from './page/link/read-link.ts'
import { config, connect } from './page/session.ts'

const keyNotes = takeKeysOutOfAddress()
const { state, notes } = readLink(location.search, benchParameters)
config.value = await readDemoConfig()
const first = connectionFrom(state, config.value)
typed.value = first
const target = document.querySelector('#page')
if (target) render(<App />, target)
linkNotes.value = [...keyNotes, ...notes]
showLinkedState(state)
if (linkNotes.value.length > 0 || isAboutBench(state)) document.querySelector('#bench')?.scrollIntoView()
// An empty form is not a mistake yet.
if (first.token || first.templateId) await connect(first, state)
linkNotes.value = [...linkNotes.value, ...troubleNotes(state, !!emulator.value)]
await openLinkedWidgets(state)
