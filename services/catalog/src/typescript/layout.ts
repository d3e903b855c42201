/** Columns of the emitted text. */
const PRINT_WIDTH = 120
const STEP = '  '

/** How strongly the parts of a type hold together; a looser one needs parentheses inside a tighter. */
export type Binding = 'atom' | 'intersection' | 'union'

/** A piece of type text that knows how to stand on one line, where it can, and on several. */
export interface Text {
  /** Absent when it is too long for any line, or holds comments. */
  flat?: string
  /** On several lines; `indent` is what the following lines begin with. */
  wide(indent: string): string
  binding: Binding
  /** What a union or an intersection is made of. */
  parts?: readonly Text[]
}

export interface Member {
  /** With its mark and colon, `name?: `; empty in tuples. */
  label: string
  type: Text
  /** Lines of comment above it. */
  comment: readonly string[]
}

export function atom(text: string): Text {
  return { flat: text, wide: () => text, binding: 'atom' }
}

/** The text on one line if that ends before the margin. */
export function print(text: Text, indent: string, before: number, after = 0): string {
  const { flat } = text
  if (flat !== undefined && indent.length + before + flat.length + after <= PRINT_WIDTH) return flat
  return text.wide(indent)
}

export function objectOf(members: readonly Member[]): Text {
  if (members.length === 0) return atom('{}')
  const flat = flatOf(members, '; ', '{ ', ' }')
  return {
    ...(flat !== undefined && { flat }),
    wide: (indent) =>
      `{\n${members.map((it) => memberLines(it, indent + STEP, ';')).join('')}${indent}}`,
    binding: 'atom',
  }
}

export function tupleOf(members: readonly Member[]): Text {
  const flat = flatOf(members, ', ', '[', ']')
  return {
    ...(flat !== undefined && { flat }),
    wide: (indent) =>
      `[\n${members.map((it) => memberLines(it, indent + STEP, ',')).join('')}${indent}]`,
    binding: 'atom',
  }
}

export function arrayOf(item: Text): Text {
  const inner = item.binding === 'atom' ? item : parenthesized(item)
  return {
    ...(inner.flat !== undefined && fitting(`${inner.flat}[]`)),
    wide: (indent) => `${print(inner, indent, 0, 2)}[]`,
    binding: 'atom',
  }
}

export function unionOf(parts: readonly Text[]): Text {
  return joined(parts, 'union', '|')
}

export function intersectionOf(parts: readonly Text[]): Text {
  return joined(parts, 'intersection', '&')
}

function joined(parts: readonly Text[], binding: Binding, mark: string): Text {
  const all = parts.flatMap((part) => (part.binding === binding ? (part.parts ?? [part]) : [part]))
  const distinct = withoutRepeats(all)
  const [only] = distinct
  if (only && distinct.length === 1) return only
  // A union binds more loosely than an intersection does.
  const tight = distinct.map((part) => (part.binding === 'union' ? parenthesized(part) : part))
  const flats = tight.map(({ flat }) => flat)
  const flat = flats.includes(undefined) ? undefined : flats.join(` ${mark} `)
  return {
    ...(flat !== undefined && fitting(flat)),
    wide: (indent) => fill(tight, indent + STEP, mark),
    binding,
    parts: distinct,
  }
}

/** As many parts on a line as it holds: long lists of values are read as lists, not as columns. */
function fill(parts: readonly Text[], indent: string, mark: string): string {
  const lines: string[] = []
  let line = ''
  for (const part of parts) {
    const body = print(part, indent, mark.length + 1)
    // An intersection on several lines begins with a mark of its own.
    const text = body.startsWith('\n') ? `(${body}\n${indent})` : body
    const isShort = part.flat !== undefined && text === part.flat
    const fits = indent.length + line.length + text.length + mark.length + 2 <= PRINT_WIDTH
    if (isShort && line && fits) line += ` ${mark} ${text}`
    else {
      if (line) lines.push(line)
      line = isShort ? `${mark} ${text}` : ''
      if (!isShort) lines.push(`${mark} ${text}`)
    }
  }
  if (line) lines.push(line)
  return lines.map((it) => `\n${indent}${it}`).join('')
}

function parenthesized(text: Text): Text {
  return {
    ...(text.flat !== undefined && fitting(`(${text.flat})`)),
    wide: (indent) => `(${text.wide(indent)}\n${indent})`,
    binding: 'atom',
  }
}

function memberLines({ label, type, comment }: Member, indent: string, end: string): string {
  const above = comment.map((line) => `${indent}${line}\n`).join('')
  const body = print(type, indent, label.length, end.length)
  const head = body.startsWith('\n') ? label.trimEnd() : label
  return `${above}${indent}${head}${body}${end}\n`
}

function flatOf(
  members: readonly Member[],
  separator: string,
  open: string,
  close: string,
): string | undefined {
  let text = open
  for (const [at, { label, type, comment }] of members.entries()) {
    if (comment.length > 0 || type.flat === undefined || text.length > PRINT_WIDTH) return undefined
    text += (at === 0 ? '' : separator) + label + type.flat
  }
  return text.length + close.length > PRINT_WIDTH ? undefined : text + close
}

function fitting(flat: string): { flat?: string } {
  return flat.length > PRINT_WIDTH ? {} : { flat }
}

function withoutRepeats(parts: readonly Text[]): Text[] {
  const seen = new Set<string>()
  return parts.filter(({ flat }) => {
    if (flat === undefined) return true
    if (seen.has(flat)) return false
    seen.add(flat)
    return true
  })
}
