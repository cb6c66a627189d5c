import { render } from 'preact'
import { App } from './page/app.tsx'
import { connectionFromUrl, dropKeysFromUrl, readDemoConfig } from './page/connection.ts'
import { typed } from './page/connection-form.tsx'
import { config, connect } from './page/session.ts'

dropKeysFromUrl()
config.value = await readDemoConfig()
const first = connectionFromUrl(config.value)
typed.value = first
const target = document.querySelector('#page')
if (target) render(<App />, target)
// An empty form is not a mistake yet.
if (first.token || first.templateId) await connect(first)
