import { type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import { type SchemaSide, typeSchema, wrap } from './definitions.ts'
import type { FieldModel } from './model.ts'
import type { SelectedField, Selection } from './selection.ts'

/** The `data` of an answer: one property, named after the field that was asked for. */
export function dataSchema(
  { name, type }: FieldModel,
  selection: Selection | null,
  context: SchemaSide,
): JsonObject {
  const properties: JsonObject = {}
  const field = { alias: null, name, args: '', type, selection }
  setOwn(properties, name, fieldSchema(field, context))
  return { type: 'object', properties, required: [name] }
}

function fieldSchema({ type, selection }: SelectedField, context: SchemaSide): JsonObject {
  if (!selection) return typeSchema(type, context)
  return wrap(type.wrappers, () => selectionSchema(selection, context))
}

/** Fields of variants are there or not, depending on `__typename`. */
function selectionSchema({ fields, variants }: Selection, context: SchemaSide): JsonObject {
  const properties: JsonObject = {}
  const isTyped = variants !== undefined || fields.length === 0
  if (isTyped) setOwn(properties, '__typename', { type: 'string' })
  const add = (field: SelectedField) => {
    const name = field.alias ?? field.name
    if (!Object.hasOwn(properties, name)) setOwn(properties, name, fieldSchema(field, context))
  }
  for (const field of fields) add(field)
  for (const variant of variants ?? []) for (const field of variant.fields) add(field)
  const always = [...(isTyped ? ['__typename'] : []), ...fields.map(({ name }) => name)]
  return { type: 'object', properties, required: always }
}
