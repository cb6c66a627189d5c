import { render } from 'preact'
import { linkNotes } from '../page/link/link-notes.tsx'
import { readLink, takeKeysOutOfAddress } from '../page/link/read-link.ts'
import { benchOfTabsParameters } from './tab-link.ts'
import { TabsPage } from './tabs-page.tsx'
import { openBench } from './tabs-session.ts'

const keyNotes = takeKeysOutOfAddress()
const { state, notes } = readLink(location.search, benchOfTabsParameters)
const target = document.querySelector('#page')
if (target) render(<TabsPage />, target)
linkNotes.value = [...keyNotes, ...notes]
await openBench(state)
