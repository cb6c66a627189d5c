import { withoutKeys } from './secrets.js'

/** The part of a stream that is used. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** How wide a terminal is. */
  readonly columns?: number | undefined
}

/** Emphasis, where it can be shown; the text itself elsewhere. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  warning(text: string): string
  bad(text: string): string
}

export type Row = readonly [name: string, text: string]

/** Where a command writes. Keys are replaced in everything but what {@link Terminal.printAsIs} is given. */
export interface Terminal {
  readonly paint: Paint
  /** A line of the result, to standard output. */
  print(text?: string): void
  /** Rows of a name and a text, the texts one under the other: `  Name   text`. */
  printTable(rows: readonly Row[]): void
  /** The same as {@link Terminal.print}, keys and all: for `--print-key`. */
  printAsIs(text: string): void
  /** What went wrong, or goes on, to standard error. */
  tell(text: string): void
}

/** Colour only for a person who did not ask to be spared; https://no-color.org. */
export function showsColour({ isTTY }: Output, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

function createPaint(isOn: boolean): Paint {
  const style = (on: number, off: number) => (text: string) => (isOn ? `\u001B[${on}m${text}\u001B[${off}m` : text)
  return { bold: style(1, 22), dim: style(2, 22), good: style(32, 39), warning: style(33, 39), bad: style(31, 39) }
}

export function createTerminal(out: Output, err: Output, env: NodeJS.ProcessEnv): Terminal {
  const paint = createPaint(showsColour(out, env))
  const widthColumns = Math.min(Math.max(out.columns ?? MAX_COLUMNS, MIN_COLUMNS), MAX_COLUMNS)
  const terminal: Terminal = {
    paint,
    print: (text = '') => void out.write(`${withoutKeys(text)}\n`),
    printTable: rows => terminal.print(table(rows, paint, widthColumns)),
    printAsIs: text => void out.write(`${text}\n`),
    tell: text => void err.write(`${withoutKeys(text)}\n`),
  }
  return terminal
}

/** Longer lines are hard to read. */
const MAX_COLUMNS = 100
const MIN_COLUMNS = 40

/** Breaks a text into lines between its words. A word that is longer than a line stays whole. */
function wrapped(text: string, widthColumns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= widthColumns) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

function table(rows: readonly Row[], paint: Paint, widthColumns: number): string {
  const nameWidth = Math.max(0, ...rows.map(([name]) => name.length))
  const lines = rows.flatMap(([name, text]) =>
    wrapped(text, widthColumns - nameWidth - 4).map(
      (line, i) => `  ${paint.dim((i === 0 ? name : '').padEnd(nameWidth))}  ${line}`,
    ),
  )
  return lines.join('\n')
}
