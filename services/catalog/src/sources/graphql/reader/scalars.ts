import type { JsonObject } from '../../openapi/reader/json.ts'
import type { ScalarModel } from './model.ts'

const BUILT_IN: Readonly<Record<string, { input: JsonObject; output: JsonObject }>> = {
  String: both({ type: 'string' }),
  Boolean: both({ type: 'boolean' }),
  Int: both({ type: 'integer' }),
  Float: both({ type: 'number' }),
  // Servers take numbers too, and answer text.
  ID: { input: { type: ['string', 'integer'] }, output: { type: 'string' } },
}

/** The schema of one of GraphQL's own scalars, which is written in place; undefined for others. */
export function builtInScalar(name: string, side: 'input' | 'output'): JsonObject | undefined {
  return Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name]?.[side] : undefined
}

const TEXT: JsonObject = { type: 'string' }
/** Written as a number or, where it may be too long for one, as text. */
const NUMERIC: JsonObject = { type: ['string', 'number'] }
const ANY_NAME = /^(?:json|jsonb|any|anything|object|map|mixed|unknown|scalars?|struct)$/

/** What custom scalars are usually called, and how their values look. The first that fits counts. */
const CONVENTIONS: readonly (readonly [name: RegExp, schema: JsonObject])[] = [
  [/^(?:iso8601)?(?:precise|naive|local|utc|offset|zoned)?date_?time(?:iso|utc|z)?$/, TEXT],
  [/timestamp$/, { type: ['string', 'number'] }],
  [/^(?:iso8601|calendar|local)?date$/, { type: 'string', format: 'date' }],
  [/time$|duration$|zone$/, TEXT],
  [/^ur[il]$|ur[il]$/, { type: 'string', format: 'uri' }],
  [/^(?:uuid|guid)$/, { type: 'string', format: 'uuid' }],
  [/^(?:email|emailaddress)$/, { type: 'string', format: 'email' }],
  [
    /^(?:byte|base64|base64string|base64encoded|bytes|binary)$/,
    { type: 'string', contentEncoding: 'base64' },
  ],
  [/(?:bigint|biginteger|long|int64|uint64|bigdecimal|decimal|money|numeric|bignumber)$/, NUMERIC],
  [
    /(?:positive|negative|nonnegative|nonpositive|unsigned)(?:int)$|^(?:u?int(?:8|16|32)|short|port)$/,
    { type: 'integer' },
  ],
  [
    /(?:positive|negative|nonnegative|nonpositive)float$|^(?:double|latitude|longitude)$/,
    { type: 'number' },
  ],
  [/json|(?:^|_)(?:object|map|dictionary)$/, {}],
  [/^(?:void|null|empty)$/, {}],
]

/** Formats are checked before a call is sent: only what a server surely refuses may be refused. */
const DATE_TIME = /^(?:iso8601)?(?:precise|utc|offset|zoned)?date_?time(?:iso|utc|z)?$/

/**
 * A custom scalar as a schema: by what its name or its description says, and open where they say
 * nothing, since a refused value that the server would have taken is worse than the opposite.
 */
export function customScalar({ name, description, specifiedBy }: ScalarModel): JsonObject {
  const told = [description, specifiedBy && `Specified by ${specifiedBy}`].filter(Boolean)
  const note = told.length > 0 ? { description: told.join('\n\n') } : {}
  return { ...guess(name.toLowerCase(), description, specifiedBy), ...note }
}

function guess(name: string, description: string, specifiedBy: string): JsonObject {
  if (DATE_TIME.test(name))
    return takesMore(description) ? TEXT : { type: 'string', format: 'date-time' }
  if (ANY_NAME.test(name)) return {}
  const found = CONVENTIONS.find(([pattern]) => pattern.test(name))
  if (found) return found[1].format === 'date' && takesMore(description) ? TEXT : found[1]
  const words = `${description} ${specifiedBy}`
  if (/\bJSON\b|\bany (?:type|value|scalar)\b/i.test(words)) return {}
  if (
    /\bstring\b|\btext\b|ISO[- ]?8601|RFC[- ]?3339|\bURL\b|\bURI\b|\bobject ID\b|encoded/i.test(
      words,
    )
  )
    return TEXT
  return {}
}

/** Some take "2021" for a time, or "-P2W". */
function takesMore(description: string): boolean {
  return /\baccepts?\b|shortcut|duration|relative|milliseconds|unix/i.test(description)
}

function both(schema: JsonObject): { input: JsonObject; output: JsonObject } {
  return { input: schema, output: schema }
}
