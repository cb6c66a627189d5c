import { Miniflare } from 'miniflare'

const { FILEROBOT_TOKEN, FILEROBOT_TEMPLATE, FILEROBOT_API_BASE, PORT = '8788' } = process.env

// Cloudflare's own runtime, on this machine.
const simulator = new Miniflare({
  scriptPath: 'dist/worker.js',
  modules: true,
  compatibilityDate: '2026-04-01',
  bindings: { FILEROBOT_TOKEN, FILEROBOT_TEMPLATE, FILEROBOT_API_BASE },
  port: Number(PORT),
  // Else it asks Cloudflare where this machine is.
  cf: false,
})

const url = await simulator.ready
console.log(`Local: ${new URL('/key', url)}`)
