import { extractionFailed } from '../document-error.ts'
import { filledText, isObject, type JsonObject, ownValue } from '../json.ts'

export interface DiscoveryMethod {
  /** `drive.files.list`. */
  id: string
  /** The resource it belongs to, `users.messages`; empty for methods of the API itself. */
  resource: string
  value: JsonObject
}

/** Google's own nest four levels. */
const RESOURCE_DEPTH_MAX = 32

/** Every method of a document, those of nested resources included. */
export function listMethods(root: JsonObject): DiscoveryMethod[] {
  return listResource(root, [])
}

function listResource(resource: unknown, path: readonly string[]): DiscoveryMethod[] {
  if (path.length > RESOURCE_DEPTH_MAX) {
    throw extractionFailed(`Resources nest more than ${RESOURCE_DEPTH_MAX} levels.`)
  }
  const own = childrenOf(ownValue(resource, 'methods')).flatMap(([name, value]) =>
    isObject(value)
      ? [{ id: filledText(value.id) ?? [...path, name].join('.'), resource: path.join('.'), value }]
      : [],
  )
  const nested = childrenOf(ownValue(resource, 'resources')).flatMap(([name, value]) =>
    listResource(value, [...path, name]),
  )
  return [...own, ...nested]
}

function childrenOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}
