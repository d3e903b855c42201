import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { invariant } from '@executor/contracts'
import type {
  ImportedDefinition,
  ImportedOperation,
  ImportedSnapshot,
  PastedText,
} from '../source.ts'
import type { SourceRequest, SourceSummary } from './messages.ts'
import type { DescriptionSummary } from './reader/read-description.ts'
import type { DescriptionReply, ReaderLease } from './reader-conversation.ts'

/** A description, read; its rows wait in the worker until it is closed. */
export interface ReadDescription<Summary extends SourceSummary = DescriptionSummary> {
  summary: Summary
  snapshot: ImportedSnapshot
  /** The characters of all its tools, told one by one; asked before the rows are taken. */
  measure(): Promise<number>
  /** Its text, of a source that is to be kept; asked before the rows are taken. */
  readText(): Promise<PastedText>
  close(): void
}

export function toReadDescription<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
  { summary, tools }: DescriptionReply<Summary>,
  close: () => void,
): ReadDescription<Summary> {
  const rows = once(() => takeRows(lease))
  const index = once(async () => {
    const reply = await lease.ask({ type: 'index' })
    invariant(reply.type === 'index', `a reader answered ${reply.type} to an index`)
    return reply.bytes
  })
  const begin = once(async () => {
    const taken = await rows()
    // Built while the rows are stored. Whoever asks for it hears of its failure.
    index().catch(() => undefined)
    return taken
  })
  return {
    summary,
    snapshot: {
      hash: summary.hash,
      tools,
      operations: takeBatches<ImportedOperation>(async () => (await begin()).operations),
      definitions: takeBatches<ImportedDefinition>(async () => (await begin()).definitions),
      index,
    },
    async readText() {
      const reply = await lease.ask({ type: 'pasted-text' })
      invariant(reply.type === 'pasted-text', `a reader answered ${reply.type} to a text`)
      return reply.text
    },
    async measure() {
      const reply = await lease.ask({ type: 'measure' })
      invariant(reply.type === 'measured', `a reader answered ${reply.type} to a measure`)
      return reply.chars
    },
    close,
  }
}

interface Batches {
  port: MessagePort
  count: number
}

async function takeRows<Request extends SourceRequest, Summary extends SourceSummary>(
  lease: ReaderLease<Request, Summary>,
): Promise<{ operations: Batches; definitions: Batches }> {
  const operations = new MessageChannel()
  const definitions = new MessageChannel()
  const ports = { operations: operations.port2, definitions: definitions.port2 }
  const reply = await lease.ask({ type: 'rows', ...ports }, Object.values(ports))
  invariant(reply.type === 'rows', `a reader answered ${reply.type} to a request for rows`)
  return {
    operations: { port: operations.port1, count: reply.operationBatches },
    definitions: { port: definitions.port1, count: reply.definitionBatches },
  }
}

/** Takes one batch at a time off its port: a listener would be handed all of them at once. */
async function* takeBatches<Row>(begin: () => Promise<Batches>): AsyncGenerator<Row[]> {
  const { port, count } = await begin()
  try {
    for (let taken = 0; taken < count; taken++) {
      const received = receiveMessageOnPort(port)
      invariant(received, 'a batch of rows was lost')
      yield received.message as Row[]
    }
  } finally {
    port.close()
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}
