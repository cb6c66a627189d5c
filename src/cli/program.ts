import { Command, CommanderError, Option } from 'commander'
import { version } from '../../package.json' with { type: 'json' }
import { type CheckOptions, check } from './check-command.js'
import { emulate } from './emulator-command.js'
import { CommandError, EXIT, UsageError } from './exit-status.js'
import { addFaultOptions } from './fault-options.js'
import { isSecretKey, withoutKeys } from './secrets.js'
import type { Terminal } from './terminal.js'

const NAME = 'filerobot-widget-auth'

const EXIT_HELP = `
Exit status: 0 a key; 1 no key; 2 wrong usage; 3 with --strict, a key that looks too broad.`

/**
 * Runs a command line to its end.
 *
 * @param args without the program's own name
 * @returns the exit status
 */
export async function run(args: readonly string[], terminal: Terminal, process: NodeJS.Process): Promise<number> {
  if (args.some(isSecretKey)) {
    terminal.tell(
      'error: this looks like an API Secret Key. It may do everything, for ever, and belongs on servers alone: ' +
        'revoke it if it was in a page, and give the identifier of a Security Template, SECU_…, as --template.',
    )
    return EXIT.wrongUsage
  }
  let status: number = EXIT.good
  const program = createProgram(terminal, process, code => {
    status = code
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.wrongUsage
    if (error instanceof UsageError) {
      terminal.tell(`error: ${error.message}`)
      return EXIT.wrongUsage
    }
    if (error instanceof CommandError) {
      terminal.tell(`error: ${error.message}`)
      return EXIT.failed
    }
    throw error
  }
}

function createProgram(terminal: Terminal, process: NodeJS.Process, ended: (status: number) => void): Command {
  const program = new Command(NAME)
    .description('Looks at what a Filerobot Security Template gives away, and stands in for the Filerobot API.')
    .version(version)
    .exitOverride()
    .configureOutput({
      // A value may stand behind an unknown option: `--tokne=…`.
      writeErr: text => void process.stderr.write(withoutKeys(text).replace(/'(--[\w-]+)=[^']*'/g, "'$1'")),
    })
    .showHelpAfterError(`(${NAME} --help tells what there is)`)
    .addHelpText('after', `\nMore: docs/command-line.md in the project's repository.`)
  addCheck(program, terminal, ended)
  addEmulator(program, terminal, process, ended)
  return program
}

/** The help would put a default into quotation marks. */
const withDefault = (flags: string, about: string, value: string) => new Option(flags, about).default(value, value)

function addCheck(program: Command, terminal: Terminal, ended: (status: number) => void): void {
  program
    .command('check')
    .summary('ask for a key, and say what it allows')
    .description('Asks the service for one key and says what it allows, when it expires and what looks too broad.')
    .requiredOption('--token <token>', 'project token')
    .requiredOption('--template <SECU_…>', 'identifier of the Security Template')
    .addOption(withDefault('--api-base <url>', 'where the API is', 'https://api.filerobot.com'))
    .addOption(withDefault('--timeout <seconds>', 'how long an answer may take', '10'))
    .option('--ask-permissions', "ask for the permissions' names; puts the key into one request's address")
    .option('--print-key', 'print the key too; without this it is shown nowhere')
    .option('--json', 'print the result as JSON')
    .option('--strict', 'exit with 3 where something looks too broad')
    .optionsGroup('Recording:')
    .option('--record <folder>', "write the service's answers to some requests there, keys removed: see the docs")
    .option('--record-limit', 'ask besides until it is refused: uses up the minute of all behind your address')
    .option('--record-expired', 'wait besides until the key has expired, to see how it is refused')
    .addHelpText('after', EXIT_HELP)
    .action(async (options: CheckOptions) => ended(await check(options, terminal)))
}

function addEmulator(
  program: Command,
  terminal: Terminal,
  process: NodeJS.Process,
  ended: (status: number) => void,
): void {
  const command = program
    .command('emulator')
    .summary('serve a local Filerobot API, for development and tests')
    .description('Serves a local Filerobot API from memory, until Ctrl-C.')
    .addOption(withDefault('--port <number>', 'where it listens; 0 takes any that is free', '8787'))
    .addOption(withDefault('--host <address>', 'the address that it listens on', '127.0.0.1'))
    .optionsGroup('What it knows at the start:')
    .option('--token <token>', "the project's token (default: fdemo42x)")
    .option('--template <SECU_…>', 'a template besides its own, that lists, fetches and uploads everywhere')
    .option('--templates <file>', 'templates of a JSON file, one or a list: see the docs')
    .option('--files <folder>', 'the files of this folder besides the pictures')
    .option('--no-pictures', 'without the pictures that it draws')
  addFaultOptions(command)
  command.action(async () => ended(await emulate(command, terminal, process)))
}
