import type { JsonObject } from './document.ts'
import { type Generation, NoValue } from './generation.ts'

/** Texts of each format, as they are usually written. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-03-14',
  'date-time': '2026-03-14T09:26:53Z',
  datetime: '2026-03-14T09:26:53Z',
  time: '09:26:53Z',
  duration: 'PT5M',
  uuid: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  email: 'ada@example.com',
  uri: 'https://example.com/a?b=c&d=e',
  url: 'https://example.com/a?b=c&d=e',
  'uri-reference': '/a/b?c=d',
  hostname: 'api.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  ip: '192.0.2.1',
  byte: 'aGVsbG8gd29ybGQ=',
  binary: 'aGVsbG8gd29ybGQ=',
  decimal: '12.50',
}

const STRANGE = [
  'a b',
  'ü-ñ-日本',
  "it's (quoted) & more = 100%!",
  'semi;colon,comma:colon@at',
  'slash/back?query#hash',
  '[brackets]{braces}|pipe^caret`tick',
  'emoji 🦊 + plus*star$dollar~tilde',
  '"double"\\backslash<>',
]
const PLAIN = ['alpha', 'beta-2', 'Gamma_3', 'd.e.f']

/** Tried where a pattern has to match; the description's own examples come first. */
const CANDIDATES = [
  'ssh-rsa AAAAB3NzaC1yc2E',
  'w-w',
  'sha256:'.concat('a'.repeat(64)),
  'a',
  'A',
  'abc',
  'ABC',
  'Abc',
  'abc-def',
  'abc_def',
  'a1b2c3',
  '1',
  '0',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '12345678',
  '1234567890',
  '123456789012',
  'AB',
  'US',
  'EUR',
  'en-US',
  'en_US',
  'me',
  '10:30',
  '23:59:59',
  '2026-03',
  '2026-03-14',
  '2026-03-14T09:26:53Z',
  '2026-03-14T09:26:53.123Z',
  '2026-03-14T09:26:53.123+00:00',
  '1.2.3',
  '12.50',
  '1.5',
  '#ff0000',
  'ff0000',
  'example.com',
  'https://example.com',
  'ada@example.com',
  '192.0.2.1',
  '+15551234567',
  '15551234567',
  '0b1c',
  'true',
  '/a/b',
  'a/b',
  'a=b',
  'a:b',
  '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  'c'.repeat(32),
  'c'.repeat(40),
  'c'.repeat(64),
  'A'.repeat(26),
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'AC'.concat('0'.repeat(32)),
  'application/vnd.interoperability.parties+json;version=2.0',
  'MSISDN',
  'Tue, 15 Nov 1994 08:12:31 GMT',
  'f5sqb7tBTWPd5Y8BDFdMm9BJR_MNI4isf8p8n4D5pHA',
]

/** A text that a schema allows. Throws `NoValue`. */
export function generateText(schema: JsonObject, { random, shape, isForm }: Generation): string {
  const { format, pattern } = schema
  const given = [
    schema.example,
    schema.default,
    ...(Array.isArray(schema.examples) ? schema.examples : []),
  ].filter((text) => typeof text === 'string' && text !== '') as string[]
  if (typeof pattern === 'string') {
    const found = [...given, ...CANDIDATES, ...prefixed(pattern)].find((text) => fits(text, schema))
    if (found === undefined) throw new NoValue(`no sample of the pattern ${pattern.slice(0, 80)}`)
    return found
  }
  const known =
    typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (known !== undefined && (format !== 'binary' || isForm)) return known
  const chosen = random.pick(shape === 'strange' ? STRANGE : PLAIN)
  return toLength(chosen, Number(schema.minLength ?? 0), Number(schema.maxLength ?? 1000))
}

/** `^AC[0-9a-f]{32}$`: letters that a pattern begins with, and as many digits as it counts. */
function prefixed(pattern: string): string[] {
  const start = /^\^?\(?([A-Za-z0-9_:-]*)/.exec(pattern)?.[1] ?? ''
  const counts = [...pattern.matchAll(/\{(\d+)/g)].map((match) => Number(match[1]))
  return counts.flatMap((count) =>
    ['0', 'a', 'A'].map((letter) => start + letter.repeat(Math.min(count, 200))),
  )
}

function fits(text: string, { pattern, minLength = 0, maxLength = 10_000 }: JsonObject): boolean {
  try {
    return (
      new RegExp(String(pattern), 'u').test(text) &&
      text.length >= Number(minLength) &&
      text.length <= Number(maxLength)
    )
  } catch {
    // What no engine compiles, no importer checks.
    return text.length >= Number(minLength)
  }
}

function toLength(text: string, least: number, most: number): string {
  const long = text.length < least ? text + 'x'.repeat(least - text.length) : text
  const letters = [...long]
  return letters.length <= most ? long : letters.slice(0, most).join('')
}
