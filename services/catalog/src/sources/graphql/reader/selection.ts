import type { TypeRef } from './model.ts'

/** One field of a selection, under the name it has in the answer. */
export interface SelectedField {
  alias: string | null
  name: string
  /** In parentheses; empty where there are none. */
  args: string
  type: TypeRef
  /** What is selected of it; null for scalars and enums. */
  selection: Selection | null
}

/** What is selected of one type, in the order in which it is written. */
export interface Selection {
  fields: SelectedField[]
  /** Every object this may be; absent where the type itself is an object. */
  variants?: { type: string; fields: SelectedField[] }[]
}

/** Equal for fields that may stand under one name in one answer. */
export function shapeOf({ type, args, selection }: SelectedField): string {
  return selection ? `${args} ${type.text} ${printSelection(selection)}` : `${args} ${type.text}`
}

/** The selection as GraphQL text, braces included. */
export function printSelection({ fields, variants }: Selection): string {
  const parts = fields.map(printField)
  if (variants || fields.length === 0) parts.unshift('__typename')
  for (const { type, fields: own } of variants ?? [])
    parts.push(`... on ${type} { ${own.map(printField).join(' ')} }`)
  return `{ ${parts.join(' ')} }`
}

function printField({ alias, name, args, selection }: SelectedField): string {
  const called = alias === null ? `${name}${args}` : `${alias}: ${name}${args}`
  return selection ? `${called} ${printSelection(selection)}` : called
}
