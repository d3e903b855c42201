import type { Connection, FieldIndex } from './field-index.ts'
import {
  ENTRY_LEAVES_MAX,
  ENTRY_NESTED_LEAVES_MAX,
  ENTRY_NESTED_MAX,
  LEAVES_MAX,
  NESTED_LEAVES_MAX,
  NESTED_MAX,
  NESTED_VARIANTS_MAX,
  PAGE_SIZE,
  SELECTION_FIELDS_MAX,
  SELECTION_VISITS_MAX,
  VARIANT_LEAVES_MAX,
  VARIANTS_MAX,
  WRAPPING_MAX,
} from './limits.ts'
import type { FieldModel, InterfaceModel, ObjectModel, UnionModel } from './model.ts'
import { printSelection, type SelectedField, type Selection, shapeOf } from './selection.ts'

interface Scope {
  /** Objects inside this one are looked into. */
  isOpen: boolean
  leavesMax: number
  nestedMax: number
  nestedLeavesMax: number
  variantsMax: number
  /** Lists in pages are read, a page of them. */
  readsPages: boolean
  /** Objects inside objects that hold nothing themselves, so far. */
  wrapping: number
  /** Types on the way here: a type inside itself is not selected again. */
  path: ReadonlySet<string>
}

const WHOLE: Scope = {
  isOpen: true,
  leavesMax: LEAVES_MAX,
  nestedMax: NESTED_MAX,
  nestedLeavesMax: NESTED_LEAVES_MAX,
  variantsMax: VARIANTS_MAX,
  readsPages: true,
  wrapping: 0,
  path: new Set(),
}
/** Everything said of an entry is said as often as there are entries. */
const ENTRY = {
  leavesMax: ENTRY_LEAVES_MAX,
  nestedMax: ENTRY_NESTED_MAX,
  nestedLeavesMax: ENTRY_NESTED_LEAVES_MAX,
}

/**
 * What a field answers when nobody chooses: its scalars, the most telling ones of the objects right
 * inside it, and of a list in pages the entries with where the next page begins. Fields that ask for
 * arguments, and those that should not be used any more, are passed over; so are lists in pages inside
 * other answers, which cost the server most and may ask for rights that nothing else asks for.
 */
export type SelectDefault = (type: string, isList: boolean) => DefaultSelection

export interface DefaultSelection {
  selection: Selection
  /** As GraphQL text. */
  text: string
}

export function createSelectDefault(index: FieldIndex): SelectDefault {
  const known = new Map<string, DefaultSelection>()
  return (type, isList) => {
    const key = isList ? `[${type}]` : type
    const found = known.get(key) ?? select(index, type, isList)
    known.set(key, found)
    return found
  }
}

function select(index: FieldIndex, type: string, isList: boolean): DefaultSelection {
  const scope = isList ? { ...WHOLE, ...ENTRY, readsPages: false } : WHOLE
  // Some schemas hand out the root once more; whatever is in it is a tool of its own.
  const found = index.isRoot(type) ? null : new Selector(index).select(type, scope)
  const selection = found ?? { fields: [] }
  return { selection, text: printSelection(selection) }
}

/** One default selection in the making, and what is left of its bounds. */
class Selector {
  readonly #index: FieldIndex
  #fieldsLeft = SELECTION_FIELDS_MAX
  #visitsLeft = SELECTION_VISITS_MAX

  constructor(index: FieldIndex) {
    this.#index = index
  }

  /** Null where there is nothing worth selecting. */
  select(name: string, scope: Scope): Selection | null {
    const type = this.#index.type(name)
    if (!type || scope.path.has(name) || --this.#visitsLeft < 0) return null
    const inside = { ...scope, path: new Set([...scope.path, name]) }
    switch (type.kind) {
      case 'object':
        return toSelection(this.#fields(type, inside))
      case 'interface':
        return this.#variants(type, this.#fields(type, inside), inside)
      case 'union':
        return this.#variants(type, [], inside)
      default:
        return null
    }
  }

  #fields(type: ObjectModel | InterfaceModel, scope: Scope): SelectedField[] {
    const connection = this.#index.connection(type.name)
    if (connection) return this.#pages(type, connection, scope)
    return [...this.#leaves(type.name, scope.leavesMax), ...this.#nested(type.name, scope)]
  }

  #leaves(type: string, max: number): SelectedField[] {
    const chosen = this.#index.leaves(type).slice(0, Math.min(max, Math.max(0, this.#fieldsLeft)))
    this.#fieldsLeft -= chosen.length
    return chosen.map((field) => toSelected(field, null))
  }

  /** An object that says nothing itself is looked through: what it holds is the answer. */
  #nested(type: string, scope: Scope): SelectedField[] {
    if (!scope.isOpen) return []
    const { leavesMax, nestedMax, nestedLeavesMax, wrapping } = scope
    const wraps = this.#index.wraps(type) && wrapping < WRAPPING_MAX
    const found = wraps ? this.#index.nested(type) : this.#index.plain(type)
    const candidates = found.slice(0, nestedMax).sort((a, b) => (a.name < b.name ? -1 : 1))
    const share = Math.max(nestedLeavesMax, Math.floor(leavesMax / candidates.length))
    const inside: Scope = wraps
      ? { ...scope, leavesMax: share, wrapping: wrapping + 1 }
      : {
          ...scope,
          isOpen: false,
          leavesMax: nestedLeavesMax,
          variantsMax: NESTED_VARIANTS_MAX,
          readsPages: false,
        }
    return candidates.flatMap((field) => this.#field(field, inside))
  }

  #field(field: FieldModel, scope: Scope): SelectedField[] {
    if (this.#fieldsLeft <= 1) return []
    const selection = this.select(field.type.name, scope)
    if (!selection) return []
    this.#fieldsLeft--
    const reads = scope.readsPages && this.#index.connection(field.type.name) !== null
    return [toSelected(field, selection, reads && takesFirst(field) ? `(first: ${PAGE_SIZE})` : '')]
  }

  #pages(
    type: ObjectModel | InterfaceModel,
    { entries, pageInfo }: Connection,
    scope: Scope,
  ): SelectedField[] {
    if (!scope.readsPages) return []
    const counts = this.#leaves(type.name, scope.leavesMax)
    const inside = { ...scope, ...ENTRY, readsPages: false, wrapping: 0 }
    const position = { ...inside, isOpen: false }
    const listed =
      entries.name === 'edges' ? this.#edges(entries, inside) : this.#field(entries, inside)
    return [...counts, ...listed, ...this.#field(pageInfo, position)]
  }

  /** What an edge says of itself (a role, a date) comes with the entry that it leads to. */
  #edges(edges: FieldModel, scope: Scope): SelectedField[] {
    const node = this.#index.nested(edges.type.name).find(({ name }) => name === 'node')
    const own = this.#leaves(edges.type.name, scope.leavesMax)
    const selection = toSelection([...own, ...(node ? this.#field(node, scope) : [])])
    return selection ? [toSelected(edges, selection)] : []
  }

  #variants(
    type: InterfaceModel | UnionModel,
    fields: SelectedField[],
    scope: Scope,
  ): Selection | null {
    const taken = new Map(fields.map((field) => [field.name, IN_INTERFACE]))
    // An interface inside an answer says enough itself; its variants would be too many.
    const isEnough = !scope.isOpen && fields.length > 0
    const names = isEnough ? [] : this.#index.byUse(type.possible).slice(0, scope.variantsMax)
    const variants = names.flatMap((name, at) =>
      this.#within(Math.floor(this.#fieldsLeft / (names.length - at)), () =>
        this.#variant(name, taken, scope),
      ),
    )
    if (fields.length === 0 && variants.length === 0) return null
    return { fields, variants: variants.sort((a, b) => (a.type < b.type ? -1 : 1)) }
  }

  #variant(
    type: string,
    taken: Map<string, string>,
    scope: Scope,
  ): { type: string; fields: SelectedField[] }[] {
    const leavesMax = Math.min(scope.leavesMax, VARIANT_LEAVES_MAX)
    const found = this.select(type, { ...scope, leavesMax })
    const fields = found?.fields.flatMap((field) => keepApart(field, type, taken)) ?? []
    return fields.length > 0 ? [{ type, fields }] : []
  }

  /** Lets no part of a selection use up what others need. */
  #within<T>(share: number, take: () => T): T {
    const before = this.#fieldsLeft
    this.#fieldsLeft = share
    const taken = take()
    this.#fieldsLeft += before - share
    return taken
  }
}

const IN_INTERFACE = ''

function toSelection(fields: SelectedField[]): Selection | null {
  return fields.length > 0 ? { fields } : null
}

function takesFirst({ args }: FieldModel): boolean {
  return args.some(({ name, type }) => name === 'first' && type.text === 'Int')
}

function toSelected(
  { name, type }: FieldModel,
  selection: Selection | null,
  args = '',
): SelectedField {
  return { alias: null, name, args, type, selection }
}

/**
 * Fields of one name in different variants must have one shape (GraphQL, section 5.3.2): one of
 * another shape gets a name of its own, and one that the interface has already is left out.
 */
function keepApart(
  field: SelectedField,
  variant: string,
  taken: Map<string, string>,
): SelectedField[] {
  const shape = shapeOf(field)
  const known = taken.get(field.name)
  if (known === IN_INTERFACE) return []
  if (known === undefined || known === shape) {
    taken.set(field.name, shape)
    return [field]
  }
  const alias = `${field.name}_${variant}`
  if (taken.has(alias)) return []
  taken.set(alias, shape)
  return [{ ...field, alias }]
}
