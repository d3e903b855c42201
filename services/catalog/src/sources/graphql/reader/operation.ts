import type { Annotations, GraphqlBinding } from '@executor/contracts'
import type { JsonObject } from '../../openapi/reader/json.ts'
import { DESCRIPTION_CHARS_MAX } from '../../openapi/reader/limits.ts'
import type { SchemaSide } from './definitions.ts'
import type { FieldIndex } from './field-index.ts'
import { selectDescription, toInputSchema } from './field-input.ts'
import { PAGE_SIZE } from './limits.ts'
import { type FieldModel, type InputModel, isLeaf, type SchemaModel } from './model.ts'
import { dataSchema } from './output-schema.ts'
import type { DefaultSelection, SelectDefault } from './select-default.ts'

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
