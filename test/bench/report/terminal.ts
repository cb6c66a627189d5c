import type { Table } from './tables.ts'

const plain = (text: string) => text.replaceAll(/[`*]/g, '')

/** A table for reading in a terminal: the first column to the left, the others to the right. */
export function terminalTable({ title, head, rows }: Table): string {
  const lines = [head, ...rows].map(cells => cells.map(plain))
  const widths = head.map((_, column) => Math.max(...lines.map(cells => cells[column]!.length)))
  const text = lines.map(cells =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  return [plain(title), '', ...text.map(line => `  ${line}`), ''].join('\n')
}
