import { type FieldModel, isLeaf, isRequired, type SchemaModel, type TypeModel } from './model.ts'

/** What a selection asks of a schema, worked out once for each type. */
export interface FieldIndex {
  /** Scalars and enums that can be selected without arguments, the most telling first. */
  leaves(type: string): readonly FieldModel[]
  type(name: string): TypeModel | undefined
  isRoot(name: string): boolean
  /** Objects, interfaces and unions that can be; those of the most used types first. */
  nested(type: string): readonly FieldModel[]
  /** Those of them that are no lists in pages. */
  plain(type: string): readonly FieldModel[]
  /** It says next to nothing itself, and holds what does. */
  wraps(type: string): boolean
  /** Relay's list in pages; null where the type is none. */
  connection(type: string): Connection | null
  /** The types that more fields lead to come first. */
  byUse(types: readonly string[]): string[]
}

export interface Connection {
  /** `nodes`, or `edges` where there are none. */
  entries: FieldModel
  pageInfo: FieldModel
}

/** What tells one thing from another. */
const IDENTITY = [
  'id',
  'name',
  'title',
  'login',
  'slug',
  'key',
  'identifier',
  'number',
  'nameWithOwner',
  'displayName',
  'fullName',
  'username',
  'email',
  'url',
]
/** In the order in which they are worth knowing. */
const TELLING = [
  ...IDENTITY,
  'state',
  'status',
  'type',
  'success',
  'message',
  'code',
  'field',
  'description',
  'body',
  'value',
  'createdAt',
  'updatedAt',
]
const RANKS = new Map(TELLING.map((name, rank) => [name, rank]))
const IDENTITIES = new Set(IDENTITY)
/** Fields of an object that wraps others: a client's own id, a flag, a message. */
const WRAPPER_LEAVES_MAX = 3

export function createFieldIndex(model: SchemaModel): FieldIndex {
  const { types } = model
  const roots = new Set(
    [model.query, model.mutation, model.subscription].map((root) => root?.name ?? ''),
  )
  const usable = (type: string): readonly FieldModel[] => {
    const found = types.get(type)
    return found?.kind === 'object' || found?.kind === 'interface'
      ? found.fields.filter((field) => field.deprecation === null && !field.args.some(isRequired))
      : []
  }
  const uses = countUses(model)
  const byUse = (a: string, b: string) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0)
  const leavesOf = once((type) => {
    const found = usable(type).filter((field) => isLeaf(types.get(field.type.name)))
    const names = new Set(found.map(({ name }) => name))
    return found.filter(({ name }) => !isTwin(name, names)).sort(byRank)
  })
  const nestedOf = once((type) =>
    usable(type)
      .filter(({ type: { name } }) => !isLeaf(types.get(name)) && !roots.has(name))
      .sort((a, b) => byUse(a.type.name, b.type.name) || byName(a.name, b.name)),
  )
  const connectionOf = (type: string): Connection | null => {
    if (!type.endsWith('Connection')) return null
    const fields = nestedOf(type)
    const entries =
      fields.find(({ name }) => name === 'nodes') ?? fields.find(({ name }) => name === 'edges')
    const pageInfo = fields.find(({ name }) => name === 'pageInfo')
    return entries && pageInfo ? { entries, pageInfo } : null
  }
  return {
    type: (name) => types.get(name),
    isRoot: (name) => roots.has(name),
    leaves: leavesOf,
    nested: nestedOf,
    wraps: (type) =>
      nestedOf(type).length > 0 &&
      leavesOf(type).length <= WRAPPER_LEAVES_MAX &&
      !leavesOf(type).some(({ name }) => IDENTITIES.has(name)),
    plain: once((type) => nestedOf(type).filter((field) => !connectionOf(field.type.name))),
    connection: connectionOf,
    byUse: (names) => [...names].sort((a, b) => byUse(a, b) || byName(a, b)),
  }
}

function once(make: (type: string) => readonly FieldModel[]): typeof make {
  const known = new Map<string, readonly FieldModel[]>()
  return (type) => {
    const found = known.get(type) ?? make(type)
    known.set(type, found)
    return found
  }
}

function byRank(a: FieldModel, b: FieldModel): number {
  const rank = ({ name }: FieldModel) => RANKS.get(name) ?? TELLING.length
  return rank(a) - rank(b) || byName(a.name, b.name)
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `bodyHTML` beside `body` says the same once more. */
function isTwin(name: string, names: ReadonlySet<string>): boolean {
  return /HTML$|Html$/.test(name) && names.has(name.slice(0, -4))
}

function countUses({ types }: SchemaModel): Map<string, number> {
  const uses = new Map<string, number>()
  for (const type of types.values()) {
    if (type.kind !== 'object' && type.kind !== 'interface') continue
    for (const { type: ref } of type.fields) uses.set(ref.name, (uses.get(ref.name) ?? 0) + 1)
  }
  return uses
}
