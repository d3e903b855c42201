/** How one parameter is written; the defaults of OpenAPI are filled in by the plan. */
export interface Writing {
  /** As it stands on the wire, encoded. */
  name: string
  style: Style
  explode: boolean
  encode: (text: string) => string
}
export type Style =
  | 'matrix'
  | 'label'
  | 'simple'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'cookie'

const NESTING_MAX = 32

/** Path segments and headers: `simple`, `label`, `matrix`. Empty where there is nothing to write. */
export function writeExpanded(value: unknown, { name, style, explode, encode }: Writing): string {
  const list = toParts(value, explode, encode)
  if (list === null) return ''
  const { parts, named } = list
  // Delimiters are encoded where the text around them is.
  if (style in DELIMITERS) return parts.join(encode(decodeURIComponent(DELIMITERS[style] ?? ',')))
  if (style === 'simple') return parts.join(',')
  if (style === 'label') return parts.length === 0 ? '' : `.${parts.join(explode ? '.' : ',')}`
  // An empty list or object is undefined (RFC 6570, 2.3); an empty text is a name without a value.
  if (parts.length === 0) return ''
  if (!explode) return pair(`;${name}`, parts.join(','), '')
  return parts.map((part) => `;${named ? part : pair(name, part, '')}`).join('')
}

/** Query parameters: pairs, ready to be joined with `&`. */
export function writePairs(value: unknown, writing: Writing): string[] {
  const { name, style, explode, encode } = writing
  if (style === 'deepObject' && isContainer(value)) return writeDeep(name, value, encode, 0)
  const list = toParts(value, explode, encode)
  if (list === null) return []
  const { parts, named } = list
  if (!isContainer(value)) return parts.map((part) => `${name}=${part}`)
  if (parts.length === 0) return []
  if (explode) return named ? parts : parts.map((part) => `${name}=${part}`)
  return [`${name}=${parts.join(DELIMITERS[style] ?? ',')}`]
}

const DELIMITERS: Partial<Record<Style, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
}

/** `filter[a][b]=1`; lists of scalars as `ids[]=1`, of objects as `items[0][price]=1`. */
function writeDeep(
  name: string,
  value: Record<string, unknown> | unknown[],
  encode: (text: string) => string,
  depth: number,
): string[] {
  if (depth > NESTING_MAX) return []
  const isPlainList = Array.isArray(value) && !value.some(isContainer)
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined || inner === null) return []
    const path = `${name}%5B${isPlainList ? '' : encode(key)}%5D`
    if (isContainer(inner)) return writeDeep(path, inner, encode, depth + 1)
    return [`${path}=${encode(scalarText(inner))}`]
  })
}

/** The encoded parts of a value; `named` when each is a `key=value` of an exploded object. */
function toParts(
  value: unknown,
  explode: boolean,
  encode: (text: string) => string,
): { parts: string[]; named: boolean } | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value))
    return { parts: value.filter(isPresent).map((item) => encode(scalarText(item))), named: false }
  if (typeof value !== 'object') return { parts: [encode(scalarText(value))], named: false }
  const entries = Object.entries(value).filter(([, inner]) => isPresent(inner))
  const parts = entries.flatMap(([key, inner]) => {
    const text = encode(scalarText(inner))
    return explode ? [`${encode(key)}=${text}`] : [encode(key), text]
  })
  return { parts, named: explode }
}

/** RFC 6570 knows lists and maps of text only; what is nested deeper goes as JSON. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function isContainer(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

function pair(name: string, value: string, empty: string): string {
  return value === '' ? `${name}${empty}` : `${name}=${value}`
}
