import type { JsonSchema } from '@executor/contracts'
import { describeSchema } from './describe.ts'
import { compilePattern } from './pattern.ts'
import { type At, type Checker, isKeywords, type Rules } from './rule.ts'
import { sizeRule } from './scalar-rules.ts'
import { isObject, isToolFile } from './values.ts'

const sizeOf = (value: unknown) => (isObject(value) ? Object.keys(value).length : null)

export const OBJECT_RULES: Rules = [
  [
    'required',
    (check, operand, value, { schema, place }) => {
      if (!Array.isArray(operand) || !isObject(value) || isToolFile(value)) return true
      const properties = isKeywords(schema.properties) ? schema.properties : {}
      let passed = true
      for (const name of operand) {
        if (typeof name !== 'string' || Object.hasOwn(value, name)) continue
        // A schema shared with answers demands what only the server can know.
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined
        if (isReadOnly(check, property)) continue
        const what = describeSchema(property as JsonSchema | undefined)
        passed = check.fail({ parent: place, key: name }, `is missing (${what})`)
      }
      return passed
    },
  ],
  [
    'properties',
    (check, operand, value, { place, depth }) => {
      if (!isKeywords(operand) || !isObject(value)) return true
      let passed = true
      for (const name in value) {
        if (!Object.hasOwn(operand, name) || value[name] === undefined) continue
        const inner = { parent: place, key: name }
        if (!check.check(operand[name], value[name], inner, depth + 1)) passed = false
      }
      return passed
    },
  ],
  [
    'patternProperties',
    (check, operand, value, { place, depth }) => {
      if (!isKeywords(operand) || !isObject(value)) return true
      let passed = true
      for (const name in value) {
        check.spend(1)
        for (const pattern in operand) {
          if (!compilePattern(pattern)?.test(name.slice(0, 200))) continue
          const inner = { parent: place, key: name }
          if (!check.check(operand[pattern], value[name], inner, depth + 1)) passed = false
        }
      }
      return passed
    },
  ],
  ['additionalProperties', additionalProperties],
  [
    'unevaluatedProperties',
    (check, operand, value, at) =>
      IN_PLACE.some((keyword) => keyword in at.schema) ||
      additionalProperties(check, operand, value, at),
  ],
  [
    'propertyNames',
    (check, operand, value, { place, depth }) =>
      !isObject(value) ||
      Object.keys(value).every(
        (name) =>
          check.asks(operand, name, depth + 1) ||
          check.fail({ parent: place, key: name }, 'has a name that is not accepted'),
      ),
  ],
  ['minProperties', sizeRule(sizeOf, true)],
  ['maxProperties', sizeRule(sizeOf, false)],
  [
    'dependentRequired',
    (check, operand, value, { place }) => {
      if (!isKeywords(operand) || !isObject(value)) return true
      for (const name in operand) {
        const needed = operand[name]
        if (!Object.hasOwn(value, name) || !Array.isArray(needed)) continue
        const missing = needed.find((other) => !Object.hasOwn(value, String(other)))
        if (missing !== undefined)
          return check.fail({ parent: place, key: String(missing) }, `is missing beside "${name}"`)
      }
      return true
    },
  ],
]

const IN_PLACE = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas']
function additionalProperties(
  check: Checker,
  operand: unknown,
  value: unknown,
  { schema, place, depth }: At,
): boolean {
  if (operand === true || !isObject(value) || isToolFile(value)) return true
  const properties = isKeywords(schema.properties) ? schema.properties : {}
  const patterns = isKeywords(schema.patternProperties) ? Object.keys(schema.patternProperties) : []
  const regexps = patterns.map(compilePattern)
  // A pattern that is not run may be the very one that accepts the name.
  if (regexps.includes(null)) return true
  let passed = true
  for (const name in value) {
    if (Object.hasOwn(properties, name)) continue
    if (regexps.some((regexp) => regexp?.test(name.slice(0, 200)))) continue
    const inner = { parent: place, key: name }
    const accepted =
      operand === false
        ? check.fail(inner, explainUnknown(name, Object.keys(properties)))
        : check.check(operand, value[name], inner, depth + 1)
    if (!accepted) passed = false
  }
  return passed
}

const NAMES_MAX = 40

function explainUnknown(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'is not known; none is accepted here'
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const meant = known.find((candidate) => plain(candidate) === plain(name))
  const more = known.length > NAMES_MAX ? ` and ${known.length - NAMES_MAX} more` : ''
  const accepted = `accepted: ${known.slice(0, NAMES_MAX).join(', ')}${more}`
  return meant ? `is not known; did you mean "${meant}"?` : `is not known; ${accepted}`
}

function isReadOnly(check: Checker, schema: unknown): boolean {
  if (!isKeywords(schema)) return false
  if (schema.readOnly === true) return true
  const target = '$ref' in schema ? check.resolve(schema.$ref) : undefined
  return isKeywords(target) && target.readOnly === true
}
