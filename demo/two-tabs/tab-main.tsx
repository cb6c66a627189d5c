import { render } from 'preact'
import { connectionFrom, readDemoConfig } from '../page/connection.ts'
import { readLink, takeKeysOutOfAddress } from '../page/link/read-link.ts'
// For its listeners: a tab has no switch of its own.
import '../page/theme.ts'
import { Tab } from './tab.tsx'
import { tabParameters } from './tab-link.ts'
import { openTab } from './tab-session.ts'

takeKeysOutOfAddress()
const { state } = readLink(location.search, tabParameters)
const name = state['name'] ?? 'Z'
document.title = `Tab ${name} · filerobot-widget-auth`
const target = document.querySelector('#page')
if (target) render(<Tab name={name} />, target)
openTab(name, connectionFrom(state, await readDemoConfig()))
