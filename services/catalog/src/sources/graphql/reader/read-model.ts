import { isObject, type JsonObject } from '../../openapi/reader/json.ts'
import { NAME_CHARS_MAX } from '../../openapi/reader/limits.ts'
import type { Warnings } from '../../openapi/reader/warnings.ts'
import { introspectionFailed } from './failures.ts'
import { TYPES_MAX, WRAPPERS_MAX } from './limits.ts'
import type {
  EnumValueModel,
  FieldModel,
  InputModel,
  ObjectModel,
  SchemaModel,
  TypeModel,
  TypeRef,
} from './model.ts'

/**
 * Reads an introspection result (the object below `__schema`). What contradicts itself is left out
 * with a warning; what remains holds together, whatever the server said.
 */
export function readModel(schema: JsonObject, warnings: Warnings): SchemaModel {
  const raw = rawTypes(schema)
  const kinds = new Map([...raw].map(([name, type]) => [name, KINDS[String(type.kind)]]))
  const reader = new ModelReader(raw, kinds, warnings)
  const types = new Map<string, TypeModel>()
  for (const [name, type] of raw) {
    const model = reader.type(name, type)
    if (model) types.set(name, model)
  }
  const root = (property: string): ObjectModel | null => {
    const named = schema[property]
    const type = isObject(named) ? types.get(String(named.name)) : undefined
    return type?.kind === 'object' ? type : null
  }
  return {
    description: text(schema.description),
    types,
    query: root('queryType'),
    mutation: root('mutationType'),
    subscription: root('subscriptionType'),
  }
}

const KINDS: Readonly<Record<string, TypeModel['kind'] | undefined>> = {
  SCALAR: 'scalar',
  ENUM: 'enum',
  OBJECT: 'object',
  INTERFACE: 'interface',
  UNION: 'union',
  INPUT_OBJECT: 'input',
}
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/

/** Names beginning with two underscores belong to introspection itself. */
function isName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= NAME_CHARS_MAX &&
    NAME.test(name) &&
    !name.startsWith('__')
  )
}

function rawTypes(schema: JsonObject): Map<string, JsonObject> {
  const listed = list(schema.types)
  if (listed.length > TYPES_MAX)
    throw introspectionFailed(`The schema has more than ${TYPES_MAX} types.`)
  const types = new Map<string, JsonObject>()
  for (const type of listed) {
    if (!isName(type.name) || types.has(type.name)) continue
    if (Object.hasOwn(KINDS, String(type.kind))) types.set(type.name, type)
  }
  return types
}

class ModelReader {
  readonly #raw: ReadonlyMap<string, JsonObject>
  readonly #kinds: ReadonlyMap<string, TypeModel['kind'] | undefined>
  readonly #warnings: Warnings
  readonly #implementers: ReadonlyMap<string, readonly string[]>

  constructor(
    raw: ReadonlyMap<string, JsonObject>,
    kinds: ReadonlyMap<string, TypeModel['kind'] | undefined>,
    warnings: Warnings,
  ) {
    this.#raw = raw
    this.#kinds = kinds
    this.#warnings = warnings
    this.#implementers = findImplementers(raw)
  }

  type(name: string, type: JsonObject): TypeModel | null {
    const kind = this.#kinds.get(name)
    const named = { name, description: text(type.description) }
    switch (kind) {
      case 'scalar':
        return { kind, ...named, specifiedBy: text(type.specifiedByURL ?? type.specifiedByUrl) }
      case 'enum':
        return { kind, ...named, values: enumValues(type) }
      case 'input':
        return {
          kind,
          ...named,
          fields: this.#inputs(list(type.inputFields), name),
          isOneOf: type.isOneOf === true || type.oneField === true,
        }
      case 'object':
        return { kind, ...named, fields: this.#fields(type, name) }
      case 'interface':
        return {
          kind,
          ...named,
          fields: this.#fields(type, name),
          possible: this.#possible(name, type, true),
        }
      case 'union':
        return { kind, ...named, possible: this.#possible(name, type, false) }
      default:
        return null
    }
  }

  #fields(type: JsonObject, owner: string): FieldModel[] {
    const fields = new Map<string, FieldModel>()
    for (const raw of list(type.fields)) {
      const { name } = raw
      if (!isName(name) || fields.has(name)) continue
      const ref = this.#reference(raw.type, isOutput)
      const args = this.#inputs(list(raw.args), `${owner}.${name}`)
      if (!ref || !this.#keepsRequired(list(raw.args), args)) {
        this.#warnings.add(
          `${owner}.${name} is left out: the schema does not hold what it refers to.`,
        )
        continue
      }
      fields.set(name, {
        name,
        description: text(raw.description),
        args,
        type: ref,
        deprecation: deprecation(raw),
      })
    }
    return [...fields.values()]
  }

  #inputs(listed: readonly JsonObject[], owner: string): InputModel[] {
    const inputs = new Map<string, InputModel>()
    for (const raw of listed) {
      const { name } = raw
      if (!isName(name) || inputs.has(name)) continue
      const type = this.#reference(raw.type, isInput)
      if (!type) {
        this.#warnings.add(`${owner}(${name}) is left out: the schema does not hold its type.`)
        continue
      }
      inputs.set(name, {
        name,
        description: text(raw.description),
        type,
        defaultValue: typeof raw.defaultValue === 'string' ? raw.defaultValue : null,
        deprecation: deprecation(raw),
      })
    }
    return [...inputs.values()]
  }

  /** A field whose required argument cannot be given cannot be called. */
  #keepsRequired(listed: readonly JsonObject[], args: readonly InputModel[]): boolean {
    if (args.length === listed.length) return true
    const kept = new Set(args.map(({ name }) => name))
    return !listed.some(
      ({ name, type, defaultValue }) =>
        !kept.has(String(name)) &&
        isObject(type) &&
        type.kind === 'NON_NULL' &&
        typeof defaultValue !== 'string',
    )
  }

  #reference(
    raw: unknown,
    fits: (kind: TypeModel['kind'] | undefined) => boolean,
  ): TypeRef | undefined {
    const wrappers: ('list' | 'required')[] = []
    let type = raw
    while (isObject(type) && (type.kind === 'LIST' || type.kind === 'NON_NULL')) {
      if (type.kind === 'LIST') wrappers.push('list')
      else if (wrappers.at(-1) !== 'required') wrappers.push('required')
      if (wrappers.length > WRAPPERS_MAX) return undefined
      type = type.ofType
    }
    const name = isObject(type) ? type.name : undefined
    if (!isName(name) || !fits(this.#kinds.get(name))) return undefined
    return { name, wrappers, text: typeText(name, wrappers) }
  }

  /** An object that does not say it implements an interface would be refused where it is asked for. */
  #possible(owner: string, type: JsonObject, isInterface: boolean): string[] {
    const implementers = this.#implementers.get(owner) ?? []
    const listed = Array.isArray(type.possibleTypes)
      ? list(type.possibleTypes).map(({ name }) => String(name))
      : implementers
    const objects = new Set(listed.filter((name) => this.#kinds.get(name) === 'object'))
    const known = new Set(implementers)
    const says = (name: string) => Array.isArray(this.#raw.get(name)?.interfaces)
    return [...objects].filter((name) => !isInterface || !says(name) || known.has(name)).sort()
  }
}

function findImplementers(raw: ReadonlyMap<string, JsonObject>): Map<string, string[]> {
  const implementers = new Map<string, string[]>()
  for (const [name, type] of raw) {
    if (type.kind !== 'OBJECT') continue
    for (const { name: implemented } of list(type.interfaces)) {
      const known = implementers.get(String(implemented))
      if (known) known.push(name)
      else implementers.set(String(implemented), [name])
    }
  }
  return implementers
}

function isOutput(kind: TypeModel['kind'] | undefined): boolean {
  return kind !== undefined && kind !== 'input'
}

function isInput(kind: TypeModel['kind'] | undefined): boolean {
  return kind === 'scalar' || kind === 'enum' || kind === 'input'
}

function typeText(name: string, wrappers: readonly ('list' | 'required')[]): string {
  let written = name
  for (const wrapper of wrappers.toReversed())
    written = wrapper === 'list' ? `[${written}]` : `${written}!`
  return written
}

function enumValues(type: JsonObject): EnumValueModel[] {
  const values = new Map<string, EnumValueModel>()
  for (const raw of list(type.enumValues)) {
    const { name } = raw
    if (!isName(name) || values.has(name)) continue
    values.set(name, { name, description: text(raw.description), deprecation: deprecation(raw) })
  }
  return [...values.values()]
}

function deprecation(raw: JsonObject): string | null {
  if (raw.isDeprecated !== true) return null
  return text(raw.deprecationReason) || 'No longer supported'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
