/** What an upstream asks for, one field of a form each. */
export interface FormField {
  name: string
  label: string
  description: string
  kind: 'text' | 'number' | 'checkbox' | 'choice' | 'choices'
  /** Of a text: what the browser should expect. */
  inputType: 'text' | 'email' | 'url' | 'date' | 'datetime-local'
  isInteger: boolean
  isRequired: boolean
  options: { value: string; label: string }[]
  initial: FieldValue
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}

export type FieldValue = string | boolean | string[]
export type FieldValues = Record<string, FieldValue>

type Schema = Record<string, unknown>
const INPUT_TYPES: Record<string, FormField['inputType']> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  'date-time': 'datetime-local',
}

/** Reads the flat schema of a form. */
export function readFields(schema: unknown): FormField[] {
  const { properties, required } = asObject(schema)
  const names = Array.isArray(required) ? required : []
  return Object.entries(asObject(properties)).map(([name, field]) =>
    readField(name, asObject(field), names.includes(name)),
  )
}

function readField(name: string, field: Schema, isRequired: boolean): FormField {
  const kind = kindOf(field)
  const options = readOptions(kind === 'choices' ? asObject(field.items) : field)
  return {
    name,
    label: typeof field.title === 'string' ? field.title : name,
    description: typeof field.description === 'string' ? field.description : '',
    kind,
    inputType: INPUT_TYPES[String(field.format)] ?? 'text',
    isInteger: field.type === 'integer',
    isRequired,
    options,
    initial: initialOf(kind, field.default),
    ...numbersOf(field),
  }
}

function kindOf(field: Schema): FormField['kind'] {
  if (field.type === 'array') return 'choices'
  if (field.type === 'boolean') return 'checkbox'
  if (field.type === 'number' || field.type === 'integer') return 'number'
  return Array.isArray(field.enum) || Array.isArray(field.oneOf) ? 'choice' : 'text'
}

/** `enum` with or without `enumNames`, or `oneOf`/`anyOf` with a title for each value. */
function readOptions(field: Schema): FormField['options'] {
  const titled = [field.oneOf, field.anyOf].find(Array.isArray)
  if (titled) {
    return titled.map(asObject).map(({ const: value, title }) => ({
      value: String(value),
      label: typeof title === 'string' ? title : String(value),
    }))
  }
  const names = Array.isArray(field.enumNames) ? field.enumNames : []
  const values = Array.isArray(field.enum) ? field.enum : []
  return values.map((value, at) => ({ value: String(value), label: String(names[at] ?? value) }))
}

function initialOf(kind: FormField['kind'], given: unknown): FieldValue {
  if (kind === 'checkbox') return given === true
  if (kind === 'choices') return Array.isArray(given) ? given.map(String) : []
  return given === undefined || given === null ? '' : String(given)
}

function numbersOf(field: Schema) {
  const names = ['minimum', 'maximum', 'minLength', 'maxLength'] as const
  const given = names.filter((name) => typeof field[name] === 'number')
  return Object.fromEntries(given.map((name) => [name, field[name]])) as Partial<
    Record<(typeof names)[number], number>
  >
}

/** What was filled in, as the upstream wants it; and what is wrong with it, by field. */
export function readContent(fields: readonly FormField[], values: FieldValues) {
  const content: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fields) {
    const value = values[field.name] ?? field.initial
    const problem = problemOf(field, value)
    if (problem) problems[field.name] = problem
    else if (!isEmpty(value)) content[field.name] = toContentValue(field, value)
  }
  return { content, problems }
}

function isEmpty(value: FieldValue): boolean {
  return typeof value === 'boolean' ? false : value.length === 0
}

function toContentValue({ kind, inputType }: FormField, value: FieldValue): unknown {
  if (kind === 'number') return Number(value)
  return inputType === 'datetime-local' ? new Date(String(value)).toISOString() : value
}

function problemOf(field: FormField, value: FieldValue): string | null {
  if (isEmpty(value)) return field.isRequired ? 'Fill this in.' : null
  if (field.kind === 'number') return problemOfNumber(field, Number(value))
  if (field.kind !== 'text' || typeof value !== 'string') return null
  if (value.length < (field.minLength ?? 0)) return `Use at least ${field.minLength} characters.`
  const { maxLength = Number.POSITIVE_INFINITY } = field
  return value.length > maxLength ? `Use at most ${maxLength} characters.` : null
}

function problemOfNumber({ isInteger, minimum, maximum }: FormField, value: number): string | null {
  if (!Number.isFinite(value)) return 'This is not a number.'
  if (isInteger && !Number.isInteger(value)) return 'Use a whole number.'
  if (minimum !== undefined && value < minimum) return `Use ${minimum} or more.`
  return maximum !== undefined && value > maximum ? `Use ${maximum} or less.` : null
}

function asObject(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {}
}
