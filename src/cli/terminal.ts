import { withoutKeys } from './secrets.js'

/** The part of a stream that is used. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
}

/** Emphasis, where it can be shown; the text itself elsewhere. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  warning(text: string): string
  bad(text: string): string
}

/** Where a command writes. Keys are replaced in everything but what {@link Terminal.printAsIs} is given. */
export interface Terminal {
  readonly paint: Paint
  /** A line of the result, to standard output. */
  print(text?: string): void
  /** The same, keys and all: for `--print-key`. */
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
  return {
    paint: createPaint(showsColour(out, env)),
    print: (text = '') => void out.write(`${withoutKeys(text)}\n`),
    printAsIs: text => void out.write(`${text}\n`),
    tell: text => void err.write(`${withoutKeys(text)}\n`),
  }
}

const WIDTH = 100

/** Breaks a text into lines between its words. A word that is longer than a line stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Rows of a name and a text, the texts one under the other: `  Name   text`. */
export function table(rows: readonly (readonly [name: string, text: string])[], paint: Paint): string {
  const nameWidth = Math.max(0, ...rows.map(([name]) => name.length))
  return rows
    .flatMap(([name, text]) =>
      wrapped(text, WIDTH - nameWidth - 4).map(
        (line, i) => `  ${paint.dim((i === 0 ? name : '').padEnd(nameWidth))}  ${line}`,
      ),
    )
    .join('\n')
}
