const WIDTH_MAX = 120

export interface Position {
  line: number
  /** Counted from 1; absent where it is not known. */
  column?: number | undefined
}

/** The line in question under its predecessor, with a caret where the column is known. */
export function codeFrame(source: string, { line, column }: Position): string {
  const lines = source.split('\n')
  const text = lines[line - 1]
  if (text === undefined) return ''
  const width = String(line).length
  const label = (number: number, content: string) =>
    `${String(number).padStart(width)} | ${content}`.trimEnd()
  const before = lines[line - 2]
  const { shown, caret } = cut(text, column)
  const frame = [label(line, shown)]
  if (before !== undefined && before.trim() !== '')
    frame.unshift(label(line - 1, cut(before).shown))
  if (caret !== null) frame.push(`${' '.repeat(width)} | ${' '.repeat(caret)}^`)
  return frame.join('\n')
}

/** A long line is shown around its column. */
function cut(text: string, column?: number): { shown: string; caret: number | null } {
  const line = text.trimEnd().replaceAll('\t', ' ')
  const at = column === undefined ? null : Math.min(column - 1, line.length)
  if (line.length <= WIDTH_MAX) return { shown: line, caret: at }
  const start = at === null ? 0 : Math.max(0, at - WIDTH_MAX / 2)
  const part = line.slice(start, start + WIDTH_MAX)
  const shown = `${start > 0 ? '…' : ''}${part}${start + WIDTH_MAX < line.length ? '…' : ''}`
  return { shown, caret: at === null ? null : at - start + (start > 0 ? 1 : 0) }
}
