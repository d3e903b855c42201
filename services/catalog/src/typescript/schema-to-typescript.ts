import type { JsonSchema } from '@executor/contracts'
import { commentLines } from './comments.ts'
import {
  arrayOf,
  atom,
  intersectionOf,
  type Member,
  objectOf,
  print,
  type Text,
  tupleOf,
  unionOf,
} from './layout.ts'
import { propertyName, typeName, typeNames } from './names.ts'
import { isObject, referencedDefinition } from './references.ts'

/** What is nested deeper than this is `unknown`: nobody reads it, and recursion stays bounded. */
const DEPTH_MAX = 64

export interface TypeScriptOptions {
  /** Emits a declaration of this name; without one, a type expression. */
  name?: string
  /** Type names of definitions, where they are not simply made from the definitions' names. */
  names?: ReadonlyMap<string, string>
}

type Schema = { [keyword: string]: unknown }

/** A JSON Schema as TypeScript; references to definitions become their type names. */
export function schemaToTypeScript(schema: JsonSchema, options: TypeScriptOptions = {}): string {
  const emitter = new Emitter(options)
  const text = emitter.typeOf(schema, 0)
  const { name } = options
  if (name === undefined) return print(text, '', 0).trimStart()
  const comment = isObject(schema) ? commentLines(schema).map((line) => `${line}\n`) : []
  return `${comment.join('')}${declaration(typeName(name), text)}`
}

/** A declaration for each definition, by its type name. */
export function definitionsToTypeScript(
  definitions: Readonly<Record<string, JsonSchema>>,
): Record<string, string> {
  const names = typeNames(Object.keys(definitions))
  const texts: Record<string, string> = {}
  for (const [definition, schema] of Object.entries(definitions)) {
    const name = names.get(definition) ?? typeName(definition)
    texts[name] = schemaToTypeScript(schema, { name, names })
  }
  return texts
}

function declaration(name: string, text: Text): string {
  const head = `type ${name} =`
  const body = print(text, '', head.length + 1, 1)
  // A union on several lines begins with a line of its own.
  const type = `${head}${body.startsWith('\n') ? '' : ' '}${body};`
  return body.startsWith('{') && text.binding === 'atom' && body.endsWith('}')
    ? `interface ${name} ${body}`
    : type
}

class Emitter {
  readonly #self: string | undefined
  readonly #names: ReadonlyMap<string, string> | undefined

  constructor({ name, names }: TypeScriptOptions) {
    this.#self = name === undefined ? undefined : typeName(name)
    this.#names = names
  }

  typeOf(schema: unknown, depth: number): Text {
    if (schema === false) return atom('never')
    if (!isObject(schema) || depth > DEPTH_MAX) return atom('unknown')
    const parts = [
      this.#reference(schema),
      valuesOf(schema),
      this.#own(schema, depth),
      ...this.#combined(schema, depth),
    ].filter((part) => part !== undefined)
    if (parts.length === 0) return atom('unknown')
    const text = intersectionOf(parts)
    return schema.nullable === true ? unionOf([text, atom('null')]) : text
  }

  #reference({ $ref }: Schema): Text | undefined {
    if ($ref === undefined) return undefined
    if ($ref === '#' && this.#self !== undefined) return atom(this.#self)
    const definition = referencedDefinition($ref)
    if (definition === undefined) return atom('unknown')
    return atom(this.#names?.get(definition) ?? typeName(definition))
  }

  /** What the schema's own `type` and shape say, apart from what it is combined with. */
  #own(schema: Schema, depth: number): Text | undefined {
    if (schema.const !== undefined || Array.isArray(schema.enum)) return undefined
    const types = typesOf(schema)
    if (types.length === 0) return undefined
    return unionOf(types.map((type) => this.#simple(type, schema, depth)))
  }

  #simple(type: unknown, schema: Schema, depth: number): Text {
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return atom(type)
      case 'number':
      case 'integer':
        return atom('number')
      case 'array':
        return this.#array(schema, depth)
      case 'object':
        return this.#object(schema, depth)
      default:
        return atom('unknown')
    }
  }

  #array({ items, prefixItems, minItems }: Schema, depth: number): Text {
    if (!Array.isArray(prefixItems)) return arrayOf(this.typeOf(items ?? true, depth + 1))
    const required = typeof minItems === 'number' ? minItems : 0
    const members = prefixItems.map((item, at): Member => {
      const type = this.typeOf(item, depth + 1)
      return at < required ? element(type) : element(optional(type))
    })
    if (items === false) return tupleOf(members)
    return tupleOf([
      ...members,
      { ...element(arrayOf(this.typeOf(items ?? true, depth + 1))), label: '...' },
    ])
  }

  #object(schema: Schema, depth: number): Text {
    const members = this.#members(schema, depth)
    const rest = this.#indexed(schema, depth, members.length > 0)
    if (rest === undefined) return objectOf(members)
    const index: Member = { label: '[key: string]: ', type: rest, comment: [] }
    // Beside an index signature of another type, named properties would contradict it.
    if (members.length === 0 || rest.flat === 'unknown') return objectOf([...members, index])
    return intersectionOf([objectOf(members), objectOf([index])])
  }

  #members({ properties, required }: Schema, depth: number): Member[] {
    const needed = new Set<unknown>(Array.isArray(required) ? required : [])
    const known = isObject(properties) ? properties : {}
    const members = Object.entries(known).map(([name, schema]) => {
      const mark = needed.delete(name) ? '' : '?'
      return {
        label: `${propertyName(name)}${mark}: `,
        type: this.typeOf(schema, depth + 1),
        comment: isObject(schema) ? commentLines(schema) : [],
      }
    })
    for (const name of needed)
      if (typeof name === 'string')
        members.push({ label: `${propertyName(name)}: `, type: atom('unknown'), comment: [] })
    return members
  }

  /** The type of properties that are not named; undefined where there are none. */
  #indexed(schema: Schema, depth: number, hasMembers: boolean): Text | undefined {
    const { additionalProperties, patternProperties } = schema
    const patterns = isObject(patternProperties) ? Object.values(patternProperties) : []
    const extra = additionalProperties ?? !(hasMembers || patterns.length > 0)
    const all = extra === false ? patterns : [...patterns, extra]
    if (all.length === 0) return undefined
    return unionOf(all.map((it) => this.typeOf(it, depth + 1)))
  }

  #combined(schema: Schema, depth: number): Text[] {
    const parts: Text[] = []
    for (const part of listOf(schema.allOf)) {
      const text = this.typeOf(part, depth + 1)
      if (text.flat !== 'unknown') parts.push(text)
    }
    for (const keyword of ['anyOf', 'oneOf']) {
      const choices = listOf(schema[keyword]).map((it) => this.typeOf(it, depth + 1))
      // A choice that says nothing of the type ("one of these is required") leaves it open.
      if (choices.length > 0 && choices.every(({ flat }) => flat !== 'unknown'))
        parts.push(unionOf(choices))
    }
    return parts
  }
}

function typesOf(schema: Schema): unknown[] {
  const { type } = schema
  if (Array.isArray(type)) return type
  if (type !== undefined) return [type]
  if (isObject(schema.properties) || isObject(schema.additionalProperties)) return ['object']
  if (isObject(schema.patternProperties)) return ['object']
  if (schema.items !== undefined || Array.isArray(schema.prefixItems)) return ['array']
  return []
}

function valuesOf(schema: Schema): Text | undefined {
  if (schema.const !== undefined) return atom(literal(schema.const))
  if (!Array.isArray(schema.enum)) return undefined
  const { enum: values } = schema
  return values.length === 0 ? atom('never') : unionOf(values.map((value) => atom(literal(value))))
}

/** JSON is a type of its own: `["a", { "b": 1 }]`. */
function literal(value: unknown): string {
  return JSON.stringify(value) ?? 'unknown'
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function element(type: Text): Member {
  return { label: '', type, comment: [] }
}

/** `(A | B)?` in a tuple. */
function optional(type: Text): Text {
  const array = arrayOf(type)
  const cut = (text: string) => `${text.slice(0, -2)}?`
  return {
    ...(array.flat !== undefined && { flat: cut(array.flat) }),
    wide: (indent) => cut(array.wide(indent)),
    binding: 'atom',
  }
}
