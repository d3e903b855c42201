import type { MessagePort } from 'node:worker_threads'
import type { PastedText } from '../source.ts'

/** What a reader is given to read: the document itself, and whatever its kind wants to know beside. */
export interface SourceRequest {
  source: string | Uint8Array
}

/**
 * How the source is written: as it is, as the bytes of a JSON string whose text it is, or compressed as
 * a pasted text is kept.
 */
export type Writing = 'plain' | 'quoted' | 'compressed'

/** Everything about a source but its rows. */
export interface SourceSummary {
  hash: string
}

/** What the main thread asks of a reader's worker. Each but `text` is answered by one reply. */
export type ReaderRequest<Request extends SourceRequest> =
  /** A piece of a long document; the next request's own source is its end. */
  | { type: 'text'; piece: string }
  /** `keeps`: its text will be asked for. */
  | ({ type: 'read'; writing: Writing; keeps: boolean } & Request)
  /** The documents the worker asked for, in its order. */
  | { type: 'fetched'; sources: (string | Uint8Array)[] }
  /** Posts every batch of rows to its port, from which they can be taken one at a time. */
  | { type: 'rows'; operations: MessagePort; definitions: MessagePort }
  | { type: 'index' }
  /** Before the rows are taken. */
  | { type: 'measure' }
  | { type: 'pasted-text' }

export type ReaderReply<Summary extends SourceSummary> =
  | { type: 'fetch'; urls: string[] }
  | { type: 'description'; summary: Summary; tools: { name: string; hash: string }[] }
  | { type: 'rows'; operationBatches: number; definitionBatches: number }
  | { type: 'index'; bytes: Uint8Array }
  | { type: 'measured'; chars: number }
  | { type: 'pasted-text'; text: PastedText }
  | {
      type: 'failed'
      reason: string
      message: string
      details: Record<string, unknown> | undefined
    }
