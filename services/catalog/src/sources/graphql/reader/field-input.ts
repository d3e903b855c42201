import type { GraphqlBinding } from '@executor/contracts'
import { type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import { inputsSchema, type SchemaSide } from './definitions.ts'
import type { FieldIndex } from './field-index.ts'
import { FIELD_LIST_CHARS_MAX } from './limits.ts'
import { type FieldModel, isRequired } from './model.ts'
import type { Selection } from './selection.ts'

/** A field's arguments, and the one that replaces the default selection. */
export function toInputSchema(
  { args }: FieldModel,
  { selectArgument, pageSize }: GraphqlBinding,
  context: SchemaSide,
  selects: string,
): JsonObject {
  const schema = inputsSchema(args, context)
  const properties = schema.properties as JsonObject
  if (pageSize !== undefined) {
    const first = properties.first as JsonObject
    const said = typeof first.description === 'string' ? `${first.description} ` : ''
    const added = `Sent as ${pageSize} where neither "first" nor "last" is given.`
    properties.first = { ...first, description: `${said}${added}` }
  }
  if (selectArgument !== undefined) {
    setOwn(properties, selectArgument, { type: 'string', description: selects })
  }
  return schema
}

/** Tells an agent what it could ask for instead: it sees the default in the output schema. */
export function selectDescription(
  { type }: FieldModel,
  selection: Selection | null,
  index: FieldIndex,
): string {
  const intro = `What to select of ${type.name} instead of the default, as GraphQL: "{ id name owner { login } }".`
  const more = selection ? otherFields(type.name, selection, index) : ''
  return more ? `${intro} Beside the default fields there are: ${more}` : intro
}

function otherFields(name: string, selection: Selection, index: FieldIndex): string {
  const type = index.type(name)
  if (type?.kind !== 'object' && type?.kind !== 'interface') return ''
  const chosen = new Set(selection.fields.map((field) => field.name))
  const others = type.fields.filter(
    (field) => !chosen.has(field.name) && field.deprecation === null,
  )
  let list = ''
  for (const { name: field, args, type: of } of others) {
    const needed = args.filter(isRequired).map((arg) => `${arg.name}: ${arg.type.text}`)
    const entry = `${field}${needed.length > 0 ? `(${needed.join(', ')})` : ''}: ${of.text}`
    if (list.length + entry.length > FIELD_LIST_CHARS_MAX) return `${list}, …`
    list = list === '' ? entry : `${list}, ${entry}`
  }
  return list
}
