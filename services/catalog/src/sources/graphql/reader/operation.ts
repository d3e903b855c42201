import type { Annotations, GraphqlBinding } from '@executor/contracts'
import type { SearchDocument } from '../../../search/document.ts'
import { type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import { DESCRIPTION_CHARS_MAX, SEARCH_FIELDS_MAX } from '../../openapi/reader/limits.ts'
import { inputsSchema, type SchemaSide } from './definitions.ts'
import type { FieldIndex } from './field-index.ts'
import { FIELD_LIST_CHARS_MAX, PAGE_SIZE } from './limits.ts'
import { type FieldModel, type InputModel, isLeaf, isRequired, type SchemaModel } from './model.ts'
import { dataSchema } from './output-schema.ts'
import type { DefaultSelection, SelectDefault, Selection } from './selection.ts'

/** A field of a root type as it is stored, before it becomes text. */
export interface ConvertedField {
  name: string
  description: string
  annotations: Annotations
  detail: {
    tags: string[]
    inputSchema: JsonObject
    outputSchema: JsonObject
    binding: GraphqlBinding
  }
  refs: { input: string[]; output: string[] }
}

export interface FieldContext {
  model: SchemaModel
  index: FieldIndex
  select: SelectDefault
}

export function convertField(
  kind: 'query' | 'mutation',
  field: FieldModel,
  context: FieldContext,
): ConvertedField {
  const { model, index, select } = context
  const side = (of: 'input' | 'output'): SchemaSide => ({ model, side: of, refs: new Set() })
  const [input, output] = [side('input'), side('output')]
  const isSelected = !isLeaf(model.types.get(field.type.name))
  const isList = field.type.wrappers.includes('list')
  const chosen = isSelected ? select(field.type.name, isList) : null
  const selection = chosen?.selection ?? null
  const binding = toBinding(kind, field, chosen, context)
  return {
    name: `${kind}.${field.name}`,
    description: describe(kind, field),
    annotations: toAnnotations(kind, field),
    detail: {
      tags: [kind],
      inputSchema: toInputSchema(field, binding, input, selectDescription(field, selection, index)),
      outputSchema: dataSchema(field, selection, output),
      binding,
    },
    refs: { input: [...input.refs].sort(), output: [...output.refs].sort() },
  }
}

function describe(kind: string, { name, description, type, deprecation }: FieldModel): string {
  const said = description || `${kind} ${name}: ${type.text}`
  const whole = deprecation === null ? said : `${said}\n\nDeprecated: ${deprecation}`
  return whole.length > DESCRIPTION_CHARS_MAX ? `${whole.slice(0, DESCRIPTION_CHARS_MAX)}…` : whole
}

const DESTROYING =
  /^(?:bulk|batch)?_?(?:[dD]elete|[rR]emove|[dD]estroy|[pP]urge|[eE]rase|[wW]ipe|[dD]rop)(?=[A-Z_]|$)/

function toAnnotations(kind: 'query' | 'mutation', { name, deprecation }: FieldModel): Annotations {
  const readOnly = kind === 'query'
  return {
    readOnly,
    idempotent: readOnly,
    destructive: !readOnly && DESTROYING.test(name),
    requiresApproval: !readOnly,
    ...(readOnly ? {} : { approvalDescription: `mutation ${name}` }),
    ...(deprecation === null ? {} : { deprecated: true }),
  }
}

function toBinding(
  operation: 'query' | 'mutation',
  field: FieldModel,
  selection: DefaultSelection | null,
  { index }: FieldContext,
): GraphqlBinding {
  const { name, args } = field
  const declared = args.map((arg) => `$${arg.name}: ${arg.type.text}`).join(', ')
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const head = `${operation} ${name}${declared && `(${declared})`} { ${name}${passed && `(${passed})`}`
  const chosen = selection ? ` ${selection.text}` : ''
  return {
    operation,
    field: name,
    document: `${head}${chosen} }`,
    ...(selection
      ? {
          selection: { start: head.length + 1, end: head.length + chosen.length },
          selectArgument: freeName('select', args),
        }
      : {}),
    variables: args.map((arg) => arg.name),
    ...(isPaged(field, index) ? { pageSize: PAGE_SIZE } : {}),
  }
}

function freeName(wished: string, args: readonly InputModel[]): string {
  const taken = new Set(args.map(({ name }) => name))
  let name = wished
  while (taken.has(name)) name = `${name}_`
  return name
}

function isPaged({ type, args }: FieldModel, index: FieldIndex): boolean {
  const isOptional = (name: string) =>
    args.some((arg) => arg.name === name && arg.type.text === 'Int' && arg.defaultValue === null)
  return index.connection(type.name) !== null && isOptional('first') && isOptional('last')
}

function toInputSchema(
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
function selectDescription(
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

/** What the search index is told: arguments, and what the input objects among them hold. */
export function toSearchDocument(
  { name, description, annotations, detail }: ConvertedField,
  { args, type }: FieldModel,
  { types }: SchemaModel,
): SearchDocument {
  const parameters = args.flatMap((arg) => {
    const inside = types.get(arg.type.name)
    return [arg, ...(inside?.kind === 'input' ? inside.fields : [])]
  })
  return {
    name,
    description,
    parameters: parameters.slice(0, SEARCH_FIELDS_MAX).map((parameter) => ({
      name: parameter.name,
      ...(parameter.description ? { description: parameter.description } : {}),
    })),
    tags: [...detail.tags, type.name],
    readOnly: annotations.readOnly,
    destructive: annotations.destructive,
    deprecated: annotations.deprecated === true,
  }
}
