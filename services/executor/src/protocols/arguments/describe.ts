import type { JsonSchema } from '@executor/contracts'

const SHOWN_CHARS_MAX = 60
const CHOICES_MAX = 20

/** A value as a sentence names it: `the string "10"`, `an array`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'string':
      return `the string ${quote(value)}`
    case 'number':
      return `the number ${value}`
    case 'boolean':
      return String(value)
    default:
      return 'an object'
  }
}

/** What a schema accepts, in a few words: `integer`, `one of "open", "closed"`. */
export function describeSchema(schema: JsonSchema | undefined): string {
  if (typeof schema !== 'object' || schema === null) return 'any value'
  if (Array.isArray(schema.enum)) return `one of ${listChoices(schema.enum)}`
  if ('const' in schema) return JSON.stringify(schema.const)
  const { type } = schema
  if (Array.isArray(type)) return type.join(' or ')
  if (type === 'array') return `array of ${describeItems(schema.items)}`
  return typeof type === 'string' ? type : 'any value'
}

export function listChoices(choices: readonly unknown[]): string {
  const shown = choices.slice(0, CHOICES_MAX).map((choice) => clip(JSON.stringify(choice)))
  const more = choices.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

export function quote(text: string): string {
  return clip(JSON.stringify(text))
}

function describeItems(items: unknown): string {
  return items !== null && typeof items === 'object' && !Array.isArray(items)
    ? describeSchema(items as JsonSchema)
    : 'any value'
}

function clip(text: string): string {
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
}

/** Why a value is not of a type, and how to send what was probably meant. */
export function explainType(types: readonly string[], value: unknown): string {
  const wanted = types.map((type) => TYPE_WORDS[type] ?? type).join(' or ')
  return `must be ${wanted}, not ${describeValue(value)}${hint(types, value)}`
}

function hint(types: readonly string[], value: unknown): string {
  if (typeof value === 'string') {
    const bare = value.trim()
    if (/^-?\d+(?:\.\d+)?$/.test(bare) && (types.includes('integer') || types.includes('number')))
      return `; send ${clip(bare)} without quotes`
    if ((bare === 'true' || bare === 'false') && types.includes('boolean'))
      return `; send ${bare} without quotes`
    if (/^[[{]/.test(bare) && (types.includes('object') || types.includes('array')))
      return '; send the value itself, not JSON text of it'
  }
  if (types.includes('array') && !Array.isArray(value) && value !== null && value !== undefined)
    return '; send a list, also for a single value'
  return ''
}
