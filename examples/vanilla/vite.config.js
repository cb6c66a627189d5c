import { copyFileSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// A site hosts the library's file itself.
const file = fileURLToPath(import.meta.resolve('filerobot-widget-auth/filerobot-widget-auth.global.js'))
mkdirSync('public', { recursive: true })
copyFileSync(file, 'public/filerobot-widget-auth.global.js')

export default {}
