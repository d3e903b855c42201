import { describeValue, explainType, listChoices } from './describe.ts'
import { TEXT_FORMATS } from './format.ts'
import { TEXT_CHARS_MAX, violatesPattern } from './pattern.ts'
import type { Rule, Rules } from './rule.ts'
import {
  countCharacters,
  isEqual,
  isFileSchema,
  isMultiple,
  isOfType,
  isToolFile,
} from './values.ts'

const KNOWN_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'])

export const SCALAR_RULES: Rules = [
  [
    'type',
    (check, operand, value, { schema, place }) => {
      const types = (Array.isArray(operand) ? operand : [operand]).filter((type) =>
        KNOWN_TYPES.has(type),
      )
      if (types.length === 0 || types.some((type) => isOfType(type, value))) return true
      if (schema.nullable === true && value === null) return true
      if (isFileSchema(schema) && isToolFile(value)) return true
      return check.fail(place, explainType(types, value))
    },
  ],
  [
    'enum',
    (check, operand, value, { schema, place }) => {
      if (!Array.isArray(operand) || operand.length === 0) return true
      check.spend(operand.length >> 4)
      if (operand.some((choice) => isEqual(choice, value))) return true
      if (schema.nullable === true && value === null) return true
      return check.fail(
        place,
        `must be one of ${listChoices(operand)}, not ${describeValue(value)}`,
      )
    },
  ],
  [
    'const',
    (check, operand, value, { place }) =>
      isEqual(operand, value) || check.fail(place, `must be ${JSON.stringify(operand)}`),
  ],
  ['minimum', bound((value, limit) => value >= limit, 'at least')],
  ['maximum', bound((value, limit) => value <= limit, 'at most')],
  ['exclusiveMinimum', bound((value, limit) => value > limit, 'more than')],
  ['exclusiveMaximum', bound((value, limit) => value < limit, 'less than')],
  ['multipleOf', bound((value, step) => step <= 0 || isMultiple(value, step), 'a multiple of')],
  ['minLength', textLength((length, limit) => length >= limit, 'at least')],
  ['maxLength', textLength((length, limit) => length <= limit, 'at most')],
  [
    'pattern',
    (check, operand, value, { place }) => {
      if (typeof operand !== 'string' || typeof value !== 'string') return true
      // The patterns that are run are quadratic at worst.
      check.spend((Math.min(value.length, TEXT_CHARS_MAX) ** 2) >> 10)
      if (!violatesPattern(operand, value)) return true
      return check.fail(place, `must match ${operand}, unlike ${describeValue(value)}`)
    },
  ],
  [
    'format',
    (check, operand, value, { place }) => {
      const format =
        typeof operand === 'string' && Object.hasOwn(TEXT_FORMATS, operand)
          ? TEXT_FORMATS[operand]
          : undefined
      if (!format || typeof value !== 'string' || format.matches(value)) return true
      const example = `${String(operand)} like "${format.example}"`
      return check.fail(place, `must be a ${example}, not ${describeValue(value)}`)
    },
  ],
]

function bound(holds: (value: number, limit: number) => boolean, words: string): Rule {
  return (check, operand, value, { place }) =>
    typeof operand !== 'number' ||
    typeof value !== 'number' ||
    holds(value, operand) ||
    check.fail(place, `must be ${words} ${operand}, not ${value}`)
}

function textLength(holds: (length: number, limit: number) => boolean, words: string): Rule {
  return (check, operand, value, { place }) => {
    if (typeof operand !== 'number' || typeof value !== 'string') return true
    if (holds(value.length, operand) && words === 'at most') return true
    const length = countCharacters(value)
    return (
      holds(length, operand) ||
      check.fail(place, `must have ${words} ${operand} characters; it has ${length}`)
    )
  }
}

/** How many a list or an object holds. */
export function sizeRule(sizeOf: (value: unknown) => number | null, atLeast: boolean): Rule {
  return (check, operand, value, { place }) => {
    const size = sizeOf(value)
    if (typeof operand !== 'number' || size === null) return true
    if (atLeast ? size >= operand : size <= operand) return true
    const words = atLeast ? 'at least' : 'at most'
    return check.fail(place, `must hold ${words} ${operand}; it holds ${size}`)
  }
}
