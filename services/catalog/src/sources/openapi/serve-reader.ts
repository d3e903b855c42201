import type { MessagePort } from 'node:worker_threads'
import { invariant } from '@executor/contracts'
import type { SearchDocument } from '../../search/document.ts'
import type { PastedText } from '../source.ts'
import { measureTools } from './measure-tools.ts'
import type {
  ReaderReply,
  ReaderRequest,
  SourceRequest,
  SourceSummary,
  Writing,
} from './messages.ts'
import { compressText, decompressText } from './pasted-text.ts'
import { DocumentError, parseFailed } from './reader/document-error.ts'
import type { DefinitionRow, OperationRow } from './reader/rows.ts'

/** A source, read: everything that is stored of it. */
export interface ReadSource<Summary extends SourceSummary> {
  summary: Summary
  operations: OperationRow[]
  definitions: DefinitionRow[]
  /** In the order of `operations`. */
  searchDocuments: SearchDocument[]
}

/** How one kind of source is read; `readReferences` gets other files that it refers to. */
export type ReadSourceOf<Request extends SourceRequest, Summary extends SourceSummary> = (
  request: Request,
  readReferences: (urls: string[]) => Promise<(string | Uint8Array)[]>,
) => ReadSource<Summary> | Promise<ReadSource<Summary>>

/**
 * Reads sources beside the main thread, one at a time. Holds what it read until the next one, or
 * until it is ended. Whatever is thrown but a `DocumentError` ends it.
 */
export function serveReader<Request extends SourceRequest, Summary extends SourceSummary>(
  port: MessagePort,
  readSource: ReadSourceOf<Request, Summary>,
): void {
  let description: ReadSource<Summary> | null = null
  let receiveFetched: ((sources: (string | Uint8Array)[]) => void) | null = null
  let pieces: string[] = []
  let pastedText: Promise<PastedText> | null = null

  function complete(source: string | Uint8Array): string | Uint8Array {
    if (typeof source !== 'string' || pieces.length === 0) return source
    const text = [...pieces, source].join('')
    pieces = []
    return text
  }

  const reply = (message: ReaderReply<Summary>, transfer: ArrayBuffer[] = []) =>
    port.postMessage(message, transfer)

  function askFor(urls: string[]): Promise<(string | Uint8Array)[]> {
    reply({ type: 'fetch', urls })
    return new Promise((resolve) => {
      receiveFetched = resolve
    })
  }

  async function read(request: Request, writing: Writing, keeps: boolean): Promise<void> {
    try {
      const source = unwrap(request.source, writing)
      pastedText = keeps ? compressText(source) : null
      // Whoever asks for it hears of its failure.
      pastedText?.catch(() => undefined)
      description = await readSource({ ...request, source }, askFor)
      const { summary, operations } = description
      reply({
        type: 'description',
        summary,
        tools: operations.map(({ name, hash }) => ({ name, hash })),
      })
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      const { reason, message, details } = error
      reply({ type: 'failed', reason, message, details })
    }
  }

  async function index(): Promise<void> {
    // Loaded only now: most of its words are for a person who is still waiting for the rows.
    const { buildIndex } = await import('../../search/build-index.ts')
    const { bytes } = buildIndex(description?.searchDocuments ?? [])
    const copy = bytes.slice()
    reply({ type: 'index', bytes: copy }, [copy.buffer])
  }

  async function giveText(): Promise<void> {
    invariant(pastedText, 'the text is asked for of a source that was to be kept')
    const text = await pastedText
    pastedText = null
    reply({ type: 'pasted-text', text }, [text.bytes.buffer as ArrayBuffer])
  }

  port.on('message', async (request: ReaderRequest<Request>) => {
    switch (request.type) {
      case 'text':
        return void pieces.push(request.piece)
      case 'read':
        return read(
          { ...request, source: complete(request.source) },
          request.writing,
          request.keeps,
        )
      case 'fetched':
        return receiveFetched?.(request.sources)
      case 'rows':
        return reply({ type: 'rows', ...postRows(request, description) })
      case 'index':
        return index()
      case 'pasted-text':
        return giveText()
      case 'measure': {
        const { operations = [], definitions = [] } = description ?? {}
        return reply({ type: 'measured', chars: measureTools(operations, definitions) })
      }
    }
  })
}

function unwrap(source: string | Uint8Array, writing: Writing): string | Uint8Array {
  if (writing === 'plain' || typeof source === 'string') return source
  return writing === 'quoted' ? unquote(source) : decompressText(source)
}

/** The text of a JSON string that came as bytes. */
function unquote(source: Uint8Array): string {
  try {
    const text: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(source))
    if (typeof text === 'string') return text
  } catch {
    // Said below: neither the bytes nor the escapes are of a text.
  }
  throw parseFailed('The document was sent as a JSON string that cannot be read')
}

/** Characters of one batch: the main thread decodes and stores it in a few milliseconds. */
const BATCH_CHARS = 100_000
const BATCH_ROWS_MAX = 500

function postRows(
  ports: { operations: MessagePort; definitions: MessagePort },
  description: ReadSource<SourceSummary> | null,
) {
  const operations = (description?.operations ?? []).map(({ name, listing, detail, refs }) => ({
    row: { name, listing, detail, refs },
    chars: listing.length + detail.length,
  }))
  const definitions = (description?.definitions ?? []).map((row) => ({
    row,
    chars: row.json.length,
  }))
  const counts = {
    operationBatches: postBatches(ports.operations, operations),
    definitionBatches: postBatches(ports.definitions, definitions),
  }
  if (description) {
    description.operations = []
    description.definitions = []
  }
  return counts
}

function postBatches(port: MessagePort, rows: { row: object; chars: number }[]): number {
  let count = 0
  let batch: object[] = []
  let chars = 0
  for (const { row, chars: added } of rows) {
    batch.push(row)
    chars += added
    if (chars < BATCH_CHARS && batch.length < BATCH_ROWS_MAX) continue
    port.postMessage(batch)
    count++
    batch = []
    chars = 0
  }
  if (batch.length > 0) {
    port.postMessage(batch)
    count++
  }
  return count
}
