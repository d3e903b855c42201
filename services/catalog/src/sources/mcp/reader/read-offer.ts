import type { SearchDocument } from '../../../search/document.ts'
import { DocumentError } from '../../openapi/reader/document-error.ts'
import { isObject } from '../../openapi/reader/json.ts'
import { createRows, snapshotHash, withDefinitionHashes } from '../../openapi/reader/rows.ts'
import { createWarnings } from '../../openapi/reader/warnings.ts'
import type { ReadSource } from '../../openapi/serve-reader.ts'
import { type ConvertedTool, convertTool } from './convert-tool.ts'
import { OFFER_UNREADABLE, offerUnreadable } from './failures.ts'
import { offeredOperations } from './offered-operations.ts'
import { createSchemas } from './schemas.ts'
import { toSearchDocument } from './search-document.ts'
import { createToolNames } from './tool-names.ts'

export interface OfferRequest {
  /** JSON: `{capabilities, tools}`. */
  source: string | Uint8Array
}

/** Everything about what a server offers but its rows. */
export interface OfferSummary {
  hash: string
  toolCount: number
  warnings: string[]
}

/** Reads what a server offers into one operation for each of its tools, and for what else it has. */
export function readOffer({ source }: OfferRequest): ReadSource<OfferSummary> {
  try {
    return convertOffer(JSON.parse(String(source)))
  } catch (error) {
    // What is shared with readers of other kinds fails in their words.
    if (!(error instanceof DocumentError)) throw error
    throw new DocumentError(OFFER_UNREADABLE, error.message, { cause: error })
  }
}

function convertOffer(offer: unknown): ReadSource<OfferSummary> {
  if (!isObject(offer) || !Array.isArray(offer.tools))
    throw offerUnreadable('The server lists no tools.')
  const warnings = createWarnings()
  const rows = createRows('mcp')
  const schemas = createSchemas(rows)
  const nameFor = createToolNames()
  const converted: ConvertedTool[] = offeredOperations(offer.capabilities)
  for (const tool of offer.tools) {
    const read = convertTool(tool, nameFor, schemas)
    if (read) converted.push(read)
    else warnings.add('A tool without a name is left out.')
  }
  converted.sort((a, b) => (a.name < b.name ? -1 : 1))
  const operations = converted.map((tool) => rows.toOperationRow(tool))
  const definitions = schemas.rows()
  return {
    summary: {
      hash: snapshotHash(operations, definitions),
      toolCount: operations.length,
      warnings: warnings.list(),
    },
    operations: withDefinitionHashes(operations, definitions),
    definitions: definitions.map(({ name, json, refs }) => ({ name, json, refs })),
    searchDocuments: converted.map(toSearchDocument) satisfies SearchDocument[],
  }
}
