/** Longer descriptions are cut: who reads a type wants its shape. */
const DESCRIPTION_CHARS_MAX = 2_000
const DEFAULT_CHARS_MAX = 80
/** What kind of text a string must hold; other formats are said by the property's name. */
const TELLING_FORMATS = new Set([
  'date-time',
  'date',
  'time',
  'duration',
  'byte',
  'binary',
  'email',
])

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** The lines of a JSDoc comment for what a schema says in words; none where it says nothing. */
export function commentLines(schema: { [keyword: string]: unknown }): string[] {
  const lines = [...descriptionLines(schema), ...tagLines(schema)]
  const [first] = lines
  if (first === undefined) return []
  if (lines.length === 1) return [`/** ${first} */`]
  return ['/**', ...lines.map((line) => (line ? ` * ${line}` : ' *')), ' */']
}

function descriptionLines({ description, title }: { [keyword: string]: unknown }): string[] {
  const text = typeof description === 'string' && description.trim() ? description : title
  if (typeof text !== 'string') return []
  const cut =
    text.length > DESCRIPTION_CHARS_MAX ? `${text.slice(0, DESCRIPTION_CHARS_MAX)}…` : text
  return cut
    .trim()
    .split(LINE_BREAK)
    .map((line) => toCommentText(line).trimEnd())
}

function tagLines({
  deprecated,
  default: value,
  format,
}: {
  [keyword: string]: unknown
}): string[] {
  const lines: string[] = []
  if (typeof format === 'string' && TELLING_FORMATS.has(format)) lines.push(`@format ${format}`)
  if (value !== undefined && value !== null) {
    const text = toCommentText(JSON.stringify(value))
    if (text.length <= DEFAULT_CHARS_MAX) lines.push(`@default ${text}`)
  }
  if (deprecated === true) lines.push('@deprecated')
  return lines
}

/** Nothing in a description may end the comment it stands in. */
function toCommentText(text: string): string {
  return text.replace(CONTROL, ' ').replaceAll('*/', '*\\/')
}
