import type { Command } from 'commander'
import type { RunningEmulator, ServerOptions, TemplateInput } from '../../demo/emulator/index.ts'
import { CommandError, EXIT, UsageError } from './exit-status.js'
import { faultsOf } from './fault-options.js'
import { readNumber } from './number-option.js'
import { readSeedFiles, readTemplates } from './seed-options.js'
import type { Terminal } from './terminal.js'

/** The options of `emulator`, as they come from the command line; its faults are read from the command. */
interface EmulatorCommandOptions {
  port: string
  host: string
  token?: string
  template?: string
  templates?: string
  files?: string
  pictures: boolean
}

/** A program that ends when it is told to. */
type Process = Pick<NodeJS.Process, 'on' | 'exit'>

/**
 * Serves the local API until Ctrl-C or SIGTERM.
 *
 * @returns the exit status
 * @throws {UsageError}
 * @throws {CommandError} when it cannot listen
 */
export async function emulate(command: Command, terminal: Terminal, process: Process): Promise<number> {
  const options = command.opts<EmulatorCommandOptions>()
  const faults = faultsOf(command)
  const port = readNumber('--port', options.port, 0, 65_535, 'a port, 0 to 65535,')
  const api = await start({
    port,
    hostname: options.host,
    faults,
    pictures: options.pictures,
    token: options.token,
    files: options.files === undefined ? [] : await readSeedFiles(options.files),
    templates: [
      ...(options.template === undefined ? [] : [wideTemplate(options.template)]),
      ...(options.templates === undefined ? [] : await readTemplates(options.templates)),
    ],
  })
  // From now on, and not when all is printed: it may be told at once.
  const told = untilTold(process)
  await introduce(api, options, Object.entries(faults), terminal)
  await told
  await api.close()
  terminal.print('Ended.')
  return EXIT.good
}

/** What the seed's first template may do. */
const WIDE = ['OBJECTS_LIST', 'OBJECTS_FETCH', 'FILE_UPLOAD', 'FILE_META_CREATE', 'DIR_CREATE', 'CONFIG_LIST'] as const

function wideTemplate(id: string): Omit<TemplateInput, 'token'> {
  if (!/^SECU_[\da-f]{32}$/i.test(id)) throw new UsageError('--template: SECU_ and 32 hexadecimal digits are wanted')
  return { id, permissions: WIDE }
}

async function start(options: ServerOptions): Promise<RunningEmulator> {
  // Only here: the other commands do without a server.
  const { startEmulator } = await import('../../demo/emulator/index.ts')
  try {
    return await startEmulator(options)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (/^(token|templates|files): /.test(message)) throw new UsageError(`--${message}`)
    if (code === undefined) throw error
    const hint =
      code === 'EADDRINUSE' ? `Port ${options.port} is taken; --port 0 takes one that is free` : 'See --host and --port'
    throw new CommandError(`The emulator cannot listen (${code}). ${hint}.`)
  }
}

async function introduce(
  { origin }: RunningEmulator,
  { token, template, host, pictures }: EmulatorCommandOptions,
  faults: [name: string, value: unknown][],
  terminal: Terminal,
): Promise<void> {
  const { SEED } = await import('../../demo/emulator/index.ts')
  const { paint } = terminal
  const project = token ?? SEED.token
  const first = template ?? SEED.templateId
  terminal.print(`${paint.bold('A local Filerobot API is running.')} Nothing leaves this machine.\n`)
  terminal.printTable([
    ['Address', paint.good(origin)],
    ['Project', project],
    ['Template', first],
    ['Narrow one', `${SEED.narrowTemplateId}, for /inbox alone, keys of 60 s`],
    ...(pictures ? [['Pictures', '/photos, /spin and /spin-private'] as const] : []),
    ...faults.map(([name, value], i) => [i === 0 ? 'Faults' : '', `${name}: ${String(value)}`] as const),
    ['State', `${origin}/_emulator/state`],
  ])
  terminal.print(`
  createAuth({ token: '${project}', templateId: '${first}', apiBase: '${origin}' })

  <script src="/filerobot-widget-auth.global.js" async
    data-token="${project}" data-template="${first}" data-api-base="${origin}"></script>
`)
  if (!/^(localhost|127\..+|::1)$/.test(host)) {
    terminal.tell(`Everybody who reaches ${origin} may read and change everything here.`)
  }
  terminal.print('Ctrl-C ends it.')
}

/** The second time somebody insists. */
function untilTold(process: Process): Promise<void> {
  let isTold = false
  return new Promise(resolve => {
    const end = () => {
      if (isTold) process.exit(EXIT.failed)
      isTold = true
      resolve()
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
  })
}
