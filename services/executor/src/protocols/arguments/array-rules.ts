import type { Rules } from './rule.ts'
import { sizeRule } from './scalar-rules.ts'

/** A list that is wrong throughout need not be reported throughout. */
const WRONG_ITEMS_MAX = 10
const sizeOf = (value: unknown) => (Array.isArray(value) ? value.length : null)

export const ARRAY_RULES: Rules = [
  ['minItems', sizeRule(sizeOf, true)],
  ['maxItems', sizeRule(sizeOf, false)],
  [
    'items',
    (check, operand, value, { schema, place, depth }) => {
      if (!Array.isArray(value) || Array.isArray(operand)) return true
      const first = Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0
      let passed = true
      for (let key = first; key < value.length; key++)
        if (!check.check(operand, value[key], { parent: place, key }, depth + 1)) {
          passed = false
          if (key > first + WRONG_ITEMS_MAX) break
        }
      return passed
    },
  ],
  [
    'prefixItems',
    (check, operand, value, { place, depth }) =>
      !Array.isArray(operand) ||
      !Array.isArray(value) ||
      operand.every(
        (item, key) =>
          key >= value.length || check.check(item, value[key], { parent: place, key }, depth + 1),
      ),
  ],
  [
    'contains',
    (check, operand, value, { schema, place, depth }) =>
      !Array.isArray(value) ||
      schema.minContains === 0 ||
      value.some((item) => check.asks(operand, item, depth + 1)) ||
      check.fail(place, 'lacks an item that must be in it'),
  ],
  [
    'uniqueItems',
    (check, operand, value, { place }) =>
      operand !== true ||
      !Array.isArray(value) ||
      new Set(value.map((item) => JSON.stringify(item))).size === value.length ||
      check.fail(place, 'must not hold the same item twice'),
  ],
]
