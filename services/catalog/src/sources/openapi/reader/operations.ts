import { extractionFailed } from './document-error.ts'
import type { Documents } from './documents.ts'
import { filledText, isObject, type JsonObject, ownValue } from './json.ts'
import { OPERATIONS_MAX } from './limits.ts'
import type { RawOperation } from './parts.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** Every operation of a document, in its own order. Throws when it has none. */
export function listOperations(documents: Documents): RawOperation[] {
  const { main } = documents
  const { paths } = main.root
  const operations: RawOperation[] = []
  if (isObject(paths)) {
    for (const path of Object.keys(paths)) {
      if (path.startsWith('x-')) continue
      operations.push(...listPath(documents, path, ownValue(paths, path)))
      if (operations.length > OPERATIONS_MAX) {
        throw extractionFailed(
          `The document describes more than ${OPERATIONS_MAX} operations, which is more than one integration can hold.`,
        )
      }
    }
  }
  if (operations.length > 0 || documents.missing.size > 0) return operations
  throw extractionFailed(
    isObject(main.root.webhooks)
      ? 'The document describes only webhooks, which the API sends to others: there is nothing to call.'
      : 'The document describes no operations: "paths" is missing or empty.',
  )
}

function listPath(documents: Documents, path: string, item: unknown): RawOperation[] {
  if (!isObject(item)) return []
  const { document, value } = resolvePathItem(documents, item)
  const found = METHODS.flatMap((method) => {
    const operation = ownValue(value, method)
    return isObject(operation) ? [{ method: method.toUpperCase(), operation }] : []
  })
  const more = ownValue(value, 'additionalOperations')
  for (const [method, operation] of isObject(more) ? Object.entries(more) : []) {
    if (isObject(operation) && /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(method)) {
      found.push({ method: method.toUpperCase(), operation })
    }
  }
  return found.map(({ method, operation }) => ({
    method,
    path: readPath(path, operation),
    document,
    value: operation,
    pathItem: value,
    pathDocument: document,
  }))
}

/** A path item may stand elsewhere; what stands beside its reference is added to it. */
function resolvePathItem(documents: Documents, item: JsonObject) {
  const own = { document: documents.main, value: item }
  if (typeof item.$ref !== 'string') return own
  const target = documents.resolve(documents.main, item)
  if (!target) return own
  const { $ref: _, ...beside } = item
  return { document: target.document, value: { ...target.value, ...beside } }
}

/** `x-executor-pathTemplate` corrects a path; every path starts with a slash. */
function readPath(path: string, operation: JsonObject): string {
  const chosen = filledText(ownValue(operation, 'x-executor-pathTemplate')) ?? path
  return chosen.startsWith('/') ? chosen : `/${chosen}`
}
