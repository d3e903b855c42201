/** A type as a field or an argument refers to it. */
export interface TypeRef {
  /** The named type inside. */
  name: string
  /** As GraphQL writes it: `[Issue!]!`. */
  text: string
  /** Outermost first. */
  wrappers: readonly ('list' | 'required')[]
}

export interface InputModel {
  name: string
  description: string
  type: TypeRef
  /** GraphQL text of a constant. */
  defaultValue: string | null
  /** Why it should not be used any more; null while it may. */
  deprecation: string | null
}

export interface FieldModel {
  name: string
  description: string
  args: readonly InputModel[]
  type: TypeRef
  deprecation: string | null
}

export interface EnumValueModel {
  name: string
  description: string
  deprecation: string | null
}

interface Named {
  name: string
  description: string
}

export type ScalarModel = Named & { kind: 'scalar'; specifiedBy: string }
export type EnumModel = Named & { kind: 'enum'; values: readonly EnumValueModel[] }
export type InputObjectModel = Named & {
  kind: 'input'
  fields: readonly InputModel[]
  /** Exactly one of the fields is given. */
  isOneOf: boolean
}
export type ObjectModel = Named & { kind: 'object'; fields: readonly FieldModel[] }
/** What an interface or a union may turn out to be, in name order. */
export type InterfaceModel = Named & {
  kind: 'interface'
  fields: readonly FieldModel[]
  possible: readonly string[]
}
export type UnionModel = Named & { kind: 'union'; possible: readonly string[] }

export type OutputModel = ScalarModel | EnumModel | ObjectModel | InterfaceModel | UnionModel
export type TypeModel = OutputModel | InputObjectModel

/** A schema whose every reference leads to a type of the right sort. */
export interface SchemaModel {
  description: string
  types: ReadonlyMap<string, TypeModel>
  query: ObjectModel | null
  mutation: ObjectModel | null
  subscription: ObjectModel | null
}

/** Whether a value has to be given: not null, and nothing stands in for it. */
export function isRequired({ type, defaultValue }: InputModel): boolean {
  return type.wrappers[0] === 'required' && defaultValue === null
}

export function isLeaf(type: TypeModel | undefined): boolean {
  return type?.kind === 'scalar' || type?.kind === 'enum'
}
