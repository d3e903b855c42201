import type { AuthMethod, OpenapiServer, SpecFormat } from '@executor/contracts'
import type { SearchDocument } from '../../../search/document.ts'
import { extractionFailed } from './document-error.ts'
import { createDocuments } from './documents.ts'
import { openFormat, type PublishedDocument } from './format.ts'
import { filledText, type JsonObject, ownValue } from './json.ts'
import { DOCUMENTS_MAX } from './limits.ts'
import { parseDocument } from './parse-document.ts'
import type { DefinitionRow, OperationRow } from './rows.ts'
import { type SnapshotContents, takeSnapshot } from './snapshot.ts'
import type { SourceDocument } from './source-document.ts'
import { readVersion } from './version.ts'
import { createWarnings, type Warnings } from './warnings.ts'

export interface DescriptionRequest extends PublishedDocument {
  /** Where it came from; null when it was pasted. */
  url: string | null
  /** Auth methods of the last import. */
  knownMethods: readonly AuthMethod[]
}

/** Everything about a description but its rows. */
export interface DescriptionSummary {
  hash: string
  format: SpecFormat
  title: string | undefined
  version: string | undefined
  description: string | undefined
  servers: OpenapiServer[]
  authMethods: AuthMethod[]
  operationCount: number
  tagCounts: Record<string, number>
  warnings: string[]
}

export interface Description {
  summary: DescriptionSummary
  operations: OperationRow[]
  definitions: DefinitionRow[]
  searchDocuments: SearchDocument[]
}

/** Reads other files that the description refers to. */
export type ReadReferences = (urls: string[]) => Promise<(string | Uint8Array)[]>

/**
 * Reads a description and every file it refers to. Files are asked for as they turn out to be needed,
 * and the description is converted again with them, which costs nothing where there are none.
 */
export async function readDescription(
  request: DescriptionRequest,
  readReferences: ReadReferences,
): Promise<Description> {
  const notes = createWarnings()
  const { root, format } = openFormat(request, notes)
  const version = readVersion(root)
  const url = baseUrl(root, request.url)
  const others: SourceDocument[] = []
  for (;;) {
    const warnings = createWarnings()
    for (const note of notes.list()) warnings.add(note)
    if (version.isUnknown) warnings.add('The document is of a version later than OpenAPI 3.2.')
    const documents = createDocuments({ url, root, dialect: version.dialect }, others)
    const snapshot = takeSnapshot({
      documents,
      flavor: version.flavor,
      knownMethods: request.knownMethods,
      warnings,
    })
    if (documents.missing.size === 0) {
      for (const reference of documents.dangling) {
        warnings.add(`The reference ${reference.slice(0, 300)} leads nowhere.`)
      }
      warnUnplaced(documents.unplaced, warnings)
      return toDescription({ root, format, snapshot, warnings })
    }
    if (others.length + documents.missing.size >= DOCUMENTS_MAX) {
      throw extractionFailed(
        `The description is split over more than ${DOCUMENTS_MAX} files. Bundle it into one.`,
      )
    }
    const urls = [...documents.missing]
    const sources = await readReferences(urls)
    for (const [index, source] of sources.entries()) {
      others.push(toOther(urls[index] as string, source, version.dialect))
    }
  }
}

/** Text that was pasted alone has nothing to start a relative address from. */
function warnUnplaced(paths: ReadonlySet<string>, warnings: Warnings): void {
  if (paths.size === 0) return
  const some = [...paths].slice(0, UNPLACED_NAMED_MAX).map((path) => path.slice(0, 100))
  const rest = paths.size > some.length ? ` and ${paths.size - some.length} more` : ''
  warnings.add(
    `The document was pasted without its address, so the files it refers to were not read: ${some.join(', ')}${rest}. What they describe is missing; give the address with the text, or instead of it.`,
  )
}
const UNPLACED_NAMED_MAX = 5

function toOther(url: string, source: string | Uint8Array, dialect: '3.0' | '3.1'): SourceDocument {
  const root = parseDocument(source, `The file ${url}`)
  return { url, root, dialect }
}

/** OpenAPI 3.2: a document may say where it belongs. */
function baseUrl(root: JsonObject, url: string | null): string | null {
  const self = ownValue(root, '$self')
  if (typeof self !== 'string') return url
  return URL.parse(self, url ?? undefined)?.href ?? url
}

function toDescription({
  root,
  format,
  snapshot,
  warnings,
}: {
  root: JsonObject
  format: SpecFormat
  snapshot: SnapshotContents
  warnings: Warnings
}): Description {
  const { operations, definitions, searchDocuments, ...rest } = snapshot
  const info = ownValue(root, 'info')
  return {
    summary: {
      ...rest,
      format,
      title: filledText(ownValue(info, 'title')),
      version: filledText(ownValue(info, 'version')),
      description:
        filledText(ownValue(info, 'summary')) ?? filledText(ownValue(info, 'description')),
      operationCount: operations.length,
      warnings: warnings.list(),
    },
    operations,
    definitions,
    searchDocuments,
  }
}
