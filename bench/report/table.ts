import type { Row, Unit } from './row.ts'

/** The rows as one Markdown table. */
export function toTable(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, unit, budget, isMet }) => [
    what,
    format(measured, unit),
    budget === null ? '' : `${unit === '/s' ? '≥' : '≤'} ${format(budget, unit)}`,
    isMet === null ? '' : isMet ? 'yes' : 'NO',
  ])
  const table = [['what', 'measured', 'budget', 'met?'], ...cells]
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((line) => line[at]?.length ?? 0)))
  const lines = table.map((line) => draw(line.map((cell, at) => pad(cell, widths[at] ?? 0, at))))
  const rule = draw(
    widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  )
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function draw(cells: string[]): string {
  return `| ${cells.join(' | ')} |`
}

function pad(cell: string, width: number, at: number): string {
  return at === 0 ? cell.padEnd(width) : cell.padStart(width)
}

function format(value: number, unit: Unit): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  const number = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return unit === '/s' || unit === '×' ? `${number}${unit}` : `${number} ${unit}`
}
