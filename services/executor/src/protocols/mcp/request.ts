import type { JsonObject, Operation } from '@executor/contracts'
import type { RequestOptions } from '@modelcontextprotocol/client'
import { context, propagation } from '@opentelemetry/api'
import type { Ask, ProtocolCall } from '../protocol.ts'
import type { Session } from './connect.ts'
import { type Exchange, withExchange } from './exchange.ts'
import { createPatience, type Patience } from './patience.ts'
import { bindingOf } from './plan.ts'

/** Milliseconds without an answer and without a sign of progress. */
const REQUEST_MS = 60_000
/** Milliseconds, however much progress is told. */
const REQUEST_MS_MAX = 10 * 60_000

/** Milliseconds in which a server may still ask something for a call that was given up. */
const LEFT_MS = 5_000

/** Milliseconds after which the SDK's own clock would end a request; ours knows when to stand still. */
const NEVER_MS = 2 ** 31 - 1

/** Sends an operation and waits for its result, just as the server says it. */
export async function sendOperation(
  session: Session,
  { operation, args, signal, asker }: ProtocolCall,
  exchange: Exchange,
): Promise<object> {
  const patience = createPatience(REQUEST_MS, REQUEST_MS_MAX)
  if (asker) exchange.asker = { ...asker, ask: patiently(patience, asker.ask) }
  session.calls.add(exchange)
  try {
    const signals = AbortSignal.any([signal, patience.signal])
    return await withExchange(exchange, () =>
      request(session, operation, args, {
        signal: signals,
        timeout: NEVER_MS,
        onprogress: patience.onProgress,
      }),
    )
  } catch (error) {
    exchange.isLeft = signal.aborted || patience.signal.aborted
    throw error
  } finally {
    if (exchange.isLeft) setTimeout(() => session.calls.delete(exchange), LEFT_MS).unref()
    else session.calls.delete(exchange)
    patience.end()
  }
}

function patiently(patience: Patience, ask: Ask): Ask {
  return (question, withdrawn) =>
    patience
      .while(() => ask(question, withdrawn))
      .catch((error: unknown) => {
        // The run goes on elsewhere, or not at all.
        patience.giveUp(error)
        throw error
      })
}

function request(
  { client }: Session,
  operation: Operation,
  args: JsonObject,
  options: RequestOptions,
): Promise<object> {
  const { method, tool = operation.name } = bindingOf(operation)
  const _meta = traceMeta()
  if (method === 'tools/call') {
    // Some arguments have to be told to proxies too; the schema says which.
    const toolDefinition = { name: tool, inputSchema: operation.inputSchema as { type: 'object' } }
    return client.callTool({ name: tool, arguments: args, _meta }, { ...options, toolDefinition })
  }
  const params = { ...args, _meta }
  switch (method) {
    case 'resources/list':
      return client.request({ method, params }, options)
    case 'resources/templates/list':
      return client.request({ method, params }, options)
    case 'resources/read':
      return client.request({ method, params: { uri: String(args.uri), _meta } }, options)
    case 'prompts/list':
      return client.request({ method, params }, options)
    case 'prompts/get':
      return client.request({ method, params: toPromptParams(args, _meta) }, options)
    case 'completion/complete':
      return client.request({ method, params: toCompletionParams(args, _meta) }, options)
  }
}

/** W3C's trace context, where the protocol has a place for it. */
function traceMeta(): Record<string, string> {
  const meta: Record<string, string> = {}
  propagation.inject(context.active(), meta)
  return meta
}

function toPromptParams(args: JsonObject, _meta: Record<string, string>) {
  const given = (args.arguments ?? {}) as Record<string, string>
  return { name: String(args.name), arguments: given, _meta }
}

function toCompletionParams(args: JsonObject, _meta: Record<string, string>) {
  return { ...args, _meta } as unknown as CompletionParams
}

type CompletionParams = Parameters<Session['client']['complete']>[0]
