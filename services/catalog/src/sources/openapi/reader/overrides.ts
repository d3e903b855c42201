import { isDeepStrictEqual } from 'node:util'
import type { JsonPatchOperation } from '@executor/contracts'
import { DocumentError } from './document-error.ts'
import { isObject, type JsonObject, setOwn } from './json.ts'
import { pointerKeys } from './pointer.ts'

/**
 * Applies a person's corrections (RFC 6902) to a document. Containers on the way are copied, so that
 * what a YAML alias shares is changed in one place only.
 */
export function applyOverrides(
  root: JsonObject,
  overrides: readonly JsonPatchOperation[],
): JsonObject {
  const patched = overrides.reduce<unknown>(
    (value, override, index) => apply(value, override, index),
    root,
  )
  if (isObject(patched)) return patched
  throw failed('The overrides leave something else than an object.')
}

function apply(root: unknown, override: JsonPatchOperation, index: number): unknown {
  const { op, path, from, value } = override
  const label = `Override ${index + 1} (${op} ${path.slice(0, 200)})`
  const target = toKeys(path, label)
  switch (op) {
    case 'add':
      return insert(root, target, value, label)
    case 'remove':
      return remove(root, target, label)
    case 'replace':
      return replace(root, target, value, label)
    case 'test':
      if (isDeepStrictEqual(find(root, target, label), value)) return root
      throw failed(`${label}: the document holds another value there.`)
    default: {
      const source = toKeys(from ?? '', label)
      const found = find(root, source, label)
      if (op === 'move' && isPrefix(source, target)) {
        throw failed(`${label}: a value cannot be moved into itself.`)
      }
      return insert(op === 'move' ? remove(root, source, label) : root, target, found, label)
    }
  }
}

function isPrefix(source: string[], target: string[]): boolean {
  return source.length < target.length && source.every((key, index) => key === target[index])
}

function toKeys(pointer: string, label: string): string[] {
  if (pointer === '' || pointer.startsWith('/')) return pointerKeys(pointer)
  throw failed(`${label}: a path starts with "/".`)
}

function find(root: unknown, keys: string[], label: string): unknown {
  return keys.reduce((value, key) => childOf(value, key, label), root)
}

function childOf(value: unknown, key: string, label: string): unknown {
  if (Array.isArray(value) && isIndex(key) && Number(key) < value.length) return value[Number(key)]
  if (isObject(value) && Object.hasOwn(value, key)) return value[key]
  throw failed(`${label}: the document has nothing at "${key.slice(0, 100)}".`)
}

function insert(value: unknown, keys: string[], added: unknown, label: string): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return added
  if (rest.length > 0)
    return withChild(value, key, insert(childOf(value, key, label), rest, added, label))
  if (isObject(value)) return withChild(value, key, added)
  if (!Array.isArray(value)) throw failed(`${label}: there is no object or list to add to.`)
  const at = key === '-' ? value.length : Number(key)
  if ((key !== '-' && !isIndex(key)) || at > value.length) {
    throw failed(`${label}: "${key.slice(0, 100)}" is no place in that list.`)
  }
  return value.toSpliced(at, 0, added)
}

function replace(value: unknown, keys: string[], added: unknown, label: string): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return added
  return withChild(value, key, replace(childOf(value, key, label), rest, added, label))
}

function remove(value: unknown, keys: string[], label: string): unknown {
  const [key, ...rest] = keys
  if (key === undefined) throw failed(`${label}: the whole document cannot be removed.`)
  const child = childOf(value, key, label)
  if (rest.length > 0) return withChild(value, key, remove(child, rest, label))
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1)
  const { [key]: _, ...kept } = value as JsonObject
  return kept
}

function withChild(value: unknown, key: string, child: unknown): unknown {
  if (Array.isArray(value)) return value.with(Number(key), child)
  const copy: JsonObject = { ...(value as JsonObject) }
  setOwn(copy, key, child)
  return copy
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key)
}

function failed(message: string): DocumentError {
  return new DocumentError('openapi_spec_override_failed', message)
}
