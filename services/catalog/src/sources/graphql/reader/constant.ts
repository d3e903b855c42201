import { type ConstValueNode, Kind, parseConstValue } from 'graphql/language'
import { type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import { DEFAULT_CHARS_MAX } from './limits.ts'

/** A default value as JSON; undefined where it is none that an agent should read. */
export function constantOf(text: string): unknown {
  if (text.length > DEFAULT_CHARS_MAX) return undefined
  try {
    return jsonOf(parseConstValue(text, { noLocation: true }))
  } catch {
    // Servers print defaults as they please; without it the argument is as good.
    return undefined
  }
}

function jsonOf(node: ConstValueNode): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.LIST:
      return node.values.map(jsonOf)
    case Kind.OBJECT: {
      const object: JsonObject = {}
      for (const { name, value } of node.fields) setOwn(object, name.value, jsonOf(value))
      return object
    }
    default:
      return node.value
  }
}
