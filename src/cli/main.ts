#!/usr/bin/env node
import { EXIT } from './exit-status.js'
import { run } from './program.js'
import { quoted } from './secrets.js'
import { createTerminal } from './terminal.js'

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) =>
  process.exit(code === 'EPIPE' ? EXIT.good : EXIT.failed),
)

const terminal = createTerminal(process.stdout, process.stderr, process.env)
try {
  process.exitCode = await run(process.argv.slice(2), terminal, process)
} catch (error) {
  terminal.tell(`error: ${quoted(error instanceof Error ? error.message : String(error))}`)
  process.exitCode = EXIT.failed
}
