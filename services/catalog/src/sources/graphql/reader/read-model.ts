import { isObject, type JsonObject } from '../../openapi/reader/json.ts'
import type { Warnings } from '../../openapi/reader/warnings.ts'
import type {
  EnumValueModel,
  FieldModel,
  InputModel,
  ObjectModel,
  SchemaModel,
  TypeModel,
} from './model.ts'
import {
  deprecation,
  findImplementers,
  isName,
  type Kinds,
  kindsOf,
  list,
  rawTypes,
  readReference,
  text,
} from './raw-schema.ts'

/**
 * Reads an introspection result (the object below `__schema`). What contradicts itself is left out
 * with a warning; what remains holds together, whatever the server said.
 */
export function readModel(schema: JsonObject, warnings: Warnings): SchemaModel {
  const raw = rawTypes(schema)
  const reader = new ModelReader(raw, warnings)
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

class ModelReader {
  readonly #raw: ReadonlyMap<string, JsonObject>
  readonly #kinds: Kinds
  readonly #warnings: Warnings
  readonly #implementers: ReadonlyMap<string, readonly string[]>

  constructor(raw: ReadonlyMap<string, JsonObject>, warnings: Warnings) {
    this.#raw = raw
    this.#kinds = kindsOf(raw)
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
          isOneOf: type.isOneOf === true,
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
      const ref = readReference(raw.type, this.#kinds, 'output')
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
      const type = readReference(raw.type, this.#kinds, 'input')
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

function enumValues(type: JsonObject): EnumValueModel[] {
  const values = new Map<string, EnumValueModel>()
  for (const raw of list(type.enumValues)) {
    const { name } = raw
    if (!isName(name) || values.has(name)) continue
    values.set(name, { name, description: text(raw.description), deprecation: deprecation(raw) })
  }
  return [...values.values()]
}
