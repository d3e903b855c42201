import type { MessagePort } from 'node:worker_threads'
import type { DocumentErrorReason } from './reader/document-error.ts'
import type { DescriptionRequest, DescriptionSummary } from './reader/read-description.ts'

/** What the main thread asks of a reader's worker. Each but `text` is answered by one reply. */
export type ReaderRequest =
  /** A piece of a long document; the next request's own source is its end. */
  | { type: 'text'; piece: string }
  | ({ type: 'read' } & DescriptionRequest)
  /** The document the worker asked for. */
  | { type: 'fetched'; source: string | Uint8Array }
  /** Posts every batch of rows to its port, from which they can be taken one at a time. */
  | { type: 'rows'; operations: MessagePort; definitions: MessagePort }
  | { type: 'index' }

export type ReaderReply =
  | { type: 'fetch'; url: string }
  | { type: 'description'; summary: DescriptionSummary; tools: { name: string; hash: string }[] }
  | { type: 'rows'; operationBatches: number; definitionBatches: number }
  | { type: 'index'; bytes: Uint8Array }
  | {
      type: 'failed'
      reason: DocumentErrorReason
      message: string
      details: Record<string, unknown> | undefined
    }
