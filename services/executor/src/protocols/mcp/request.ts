import type { JsonObject, Operation } from '@executor/contracts'
import type { RequestOptions } from '@modelcontextprotocol/client'
import { context, propagation } from '@opentelemetry/api'
import type { Session } from './connect.ts'
import { bindingOf } from './plan.ts'

/** Milliseconds without an answer and without a sign of progress. */
const REQUEST_MS = 60_000
/** Milliseconds, however much progress is told. */
const REQUEST_MS_MAX = 10 * 60_000

/** Sends an operation and waits for its result, just as the server says it. */
export function sendOperation(
  session: Session,
  operation: Operation,
  args: JsonObject,
  signal: AbortSignal,
): Promise<object> {
  const { client } = session
  const { method, tool = operation.name } = bindingOf(operation)
  const options: RequestOptions = {
    signal,
    timeout: REQUEST_MS,
    maxTotalTimeout: REQUEST_MS_MAX,
    resetTimeoutOnProgress: true,
    onprogress: () => {},
  }
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
