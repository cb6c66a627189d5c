import { createServer } from 'node:http'
import { createAuth } from 'filerobot-widget-auth'

const { FILEROBOT_TOKEN: token, FILEROBOT_TEMPLATE: templateId, FILEROBOT_API_BASE: apiBase, PORT = 3000 } = process.env

// One for all visitors: a key is asked for when the first one comes, and again when it is about to expire.
const auth = createAuth({ token, templateId, apiBase, storage: 'memory' })

async function listing(folder) {
  const response = await auth.fetch(`${apiBase}/${token}/v4/files?folder=${encodeURIComponent(folder)}`)
  if (!response.ok) throw new Error(`The service answered ${response.status}.`)
  const { files } = await response.json()
  const { status, key } = auth.state
  return [
    `Key: ${status}, until ${new Date(key.expiresAtMs).toLocaleTimeString()}`,
    `Files in ${folder}:`,
    ...files.map(({ name, size }) => `  ${name}  ${Math.round(size.bytes / 1000)} kB`),
  ].join('\n')
}

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  listing('/photos').then(
    text => response.end(text),
    error => {
      console.error(error.message)
      response.writeHead(502).end('The files cannot be listed at the moment.')
    },
  )
})

server.listen(PORT, () => console.log(`The listing: http://localhost:${server.address().port}`))
