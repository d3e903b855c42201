import type { JsonSchema } from '@executor/contracts'
import { describeSchema } from './describe.ts'
import { type At, type Checker, isKeywords, type Rules } from './rule.ts'
import { isOfType } from './values.ts'

export const COMBINING_RULES: Rules = [
  [
    '$ref',
    (check, operand, value, { place, depth }) =>
      check.check(check.resolve(operand), value, place, depth + 1),
  ],
  [
    'allOf',
    (check, operand, value, { place, depth }) => {
      let passed = true
      for (const part of Array.isArray(operand) ? operand : [])
        if (!check.check(part, value, place, depth + 1)) passed = false
      return passed
    },
  ],
  ['anyOf', anyOf],
  ['oneOf', anyOf],
  [
    'not',
    (check, operand, value, { place, depth }) =>
      !check.asks(operand, value, depth + 1) || check.fail(place, 'has a form that is excluded'),
  ],
  [
    'if',
    (check, operand, value, { schema, place, depth }) => {
      const branch = check.asks(operand, value, depth + 1) ? schema.then : schema.else
      return branch === undefined || check.check(branch, value, place, depth + 1)
    },
  ],
]

function anyOf(check: Checker, operand: unknown, value: unknown, at: At): boolean {
  if (!Array.isArray(operand) || operand.length === 0) return true
  const { place, depth } = at
  if (operand.some((branch) => check.asks(branch, value, depth + 1))) return true
  // One branch that fits by type is what was meant: its problems say more.
  const meant = operand
    .map((branch) => (isKeywords(branch) && '$ref' in branch ? check.resolve(branch.$ref) : branch))
    .filter((branch) => isKeywords(branch) && isOfType(branch.type, value))
  const [only] = meant
  if (meant.length === 1) return check.check(only, value, place, depth + 1)
  const accepted = operand.map((branch) => describeSchema(branch as JsonSchema))
  const choices = [...new Set(accepted)].slice(0, 10).join('; or ')
  return check.fail(place, `fits none of the accepted forms (${choices})`)
}
