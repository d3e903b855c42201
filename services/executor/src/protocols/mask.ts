/** What stands where a secret stood. */
const MASK = '[secret]'
/** Shorter values turn up by chance. */
const SECRET_CHARS_MIN = 6
const DEPTH_MAX = 1000

/** Removes the values of a credential from whatever an upstream sends back. */
export interface Mask {
  /** JSON text in, JSON text out; costs a search where there is nothing to remove. */
  json(text: string): string
  bytes(body: Buffer): Buffer
}

/** The mask for these values: as they are, and as base64, URL or JSON text would write them. */
export function createMask(secrets: readonly string[]): Mask {
  const forms = new Set<string>()
  for (const secret of secrets)
    if (secret.length >= SECRET_CHARS_MIN) for (const form of formsOf(secret)) forms.add(form)
  if (forms.size === 0) return NOTHING_TO_MASK
  // A form may be part of a longer one.
  const needles = [...forms].sort((a, b) => b.length - a.length)
  const isHit = (text: string) => needles.some((needle) => text.includes(needle))
  const replace = (text: string) =>
    needles.reduce((masked, needle) => masked.replaceAll(needle, MASK), text)

  return {
    json(text) {
      if (!isHit(text)) return text
      // In the text a secret of digits may be part of a number: only values can be replaced.
      return JSON.stringify(maskValue(JSON.parse(text), replace, forms, 0))
    },
    bytes(body) {
      if (!needles.some((needle) => body.includes(needle))) return body
      const masked = needles.reduce(
        (text, needle) => text.replaceAll(Buffer.from(needle).toString('latin1'), MASK),
        body.toString('latin1'),
      )
      return Buffer.from(masked, 'latin1')
    },
  }
}

const NOTHING_TO_MASK: Mask = { json: (text) => text, bytes: (body) => body }

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const escaped = JSON.stringify(secret).slice(1, -1)
  const encoded = encodeURIComponent(secret.toWellFormed())
  return [
    secret,
    escaped,
    escaped.replaceAll('/', '\\/'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encoded,
    encoded.replaceAll('%20', '+'),
  ]
}

function maskValue(
  value: unknown,
  replace: (text: string) => string,
  forms: ReadonlySet<string>,
  depth: number,
): unknown {
  if (typeof value === 'string') return replace(value)
  if (typeof value === 'number') return forms.has(String(value)) ? MASK : value
  if (typeof value !== 'object' || value === null) return value
  // What lies deeper than anyone nests on purpose is not worth a stack overflow.
  if (depth > DEPTH_MAX) return MASK
  if (Array.isArray(value)) return value.map((item) => maskValue(item, replace, forms, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      replace(key),
      maskValue(inner, replace, forms, depth + 1),
    ]),
  )
}
