import { spawnSync } from 'node:child_process'
import { parseDocument } from 'yaml'
import type { CodeBlock } from '../../unit/docs/documentation.ts'

/** What commands in the documentation may name. */
export interface Commands {
  /** Names of the scripts in package.json. */
  scripts: string[]
  /** What the package's own command line says of itself, or of the command that is named. */
  help: (args: string[]) => string
}

type Check = (code: string, commands: Commands) => string[]

/** The languages that are not compiled, each with what finds a mistake in it. */
const checks: Record<string, Check> = {
  sh: shell,
  bash: shell,
  json(code) {
    try {
      JSON.parse(code)
      return []
    } catch (error) {
      return [(error as Error).message]
    }
  },
  yaml(code) {
    return parseDocument(code).errors.map(({ message }) => message)
  },
  // What a program prints: the program's own tests are for that.
  text: () => [],
  // Headers of a request or an answer.
  http: code => code.split('\n').filter(line => line && !/^[\w-]+: \S.*$/.test(line)),
}

/** What is wrong with the blocks that are not compiled, by page and line; a language without a check is. */
export function mistakes(blocks: CodeBlock[], compiled: ReadonlySet<string>, commands: Commands): string[] {
  return blocks
    .filter(({ language }) => !compiled.has(language))
    .flatMap(({ file, line, language, code }) => {
      const check = checks[language]
      const found = check ? check(code, commands) : [`nothing checks the language "${language}"`]
      return found.map(mistake => `${file}:${line}: ${mistake}`)
    })
}

function shell(code: string, { scripts, help }: Commands): string[] {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })
  const found = status === 0 ? [] : [stderr.trim()]
  for (const [, name] of code.matchAll(/\bnpm run (\w[\w:-]*)/g)) {
    if (!scripts.includes(name!)) found.push(`there is no script ${name}`)
  }
  for (const [, rest] of code.replaceAll('\\\n', ' ').matchAll(/\bnpx filerobot-widget-auth\b([^\n#|&;]*)/g)) {
    const [command, ...options] = rest!.trim().split(/\s+/)
    if (!command || command.startsWith('-')) continue
    if (!new RegExp(`^\\s+${command}\\b`, 'm').test(help([]))) {
      found.push(`there is no command ${command}`)
      continue
    }
    const known = help([command])
    for (const [option] of options.join(' ').matchAll(/(?<!\S)--[a-z-]+/g)) {
      if (!new RegExp(`${option}\\b`).test(known)) found.push(`${command} has no option ${option}`)
    }
  }
  return found
}
