import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { createKeyHandler } from 'filerobot-widget-auth/server'
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const { FILEROBOT_TOKEN: token, FILEROBOT_TEMPLATE: templateId, FILEROBOT_API_BASE: apiBase, PORT = 3000 } = process.env

// In place of what a site has to know its visitors by.
const sessions = new Set()
const sessionOf = request => /(?:^|;\s*)session=([^;]+)/.exec(request.headers.get('Cookie') ?? '')?.[1]

// One for all visitors: it keeps the one key.
const handleKey = createKeyHandler({
  token,
  templateId,
  apiBase,
  authorize: request => sessions.has(sessionOf(request)),
  onEvent: ({ type, error }) => console.log(`Key endpoint: ${type} ${error?.code ?? ''}`),
})

const read = path => readFileSync(new URL(path, import.meta.url), 'utf8')
const page = read('page.html').replaceAll('%TOKEN%', token).replaceAll('%API_BASE%', apiBase)
const script = read(import.meta.resolve('filerobot-widget-auth/filerobot-widget-auth.global.js'))

const app = new Hono()
app.get('/', c => c.html(page))
app.get('/filerobot-widget-auth.global.js', c => c.body(script, 200, { 'Content-Type': 'text/javascript' }))
app.all('/key', c => handleKey(c.req.raw))
app.post('/sign-in', c => {
  const session = randomUUID()
  sessions.add(session)
  setCookie(c, 'session', session, { httpOnly: true, sameSite: 'Lax' })
  return c.redirect('/', 303)
})
app.post('/sign-out', c => {
  sessions.delete(getCookie(c, 'session'))
  return c.redirect('/', 303)
})

serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => console.log(`Local: http://localhost:${port}`))
