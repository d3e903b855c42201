import type {
  Client,
  JsonSchemaValidator,
  jsonSchemaValidator,
  VersionNegotiationOptions,
} from '@modelcontextprotocol/client'
import type { Exchange } from './exchange.ts'
import { answerQuestions } from './questions.ts'
import type { Sdk } from './sdk.ts'
import type { ServerNews } from './server-news.ts'

const CLIENT_INFO = { name: 'executor', version: '0.1.0' }
/** A server whose list never comes to an end is cut off. */
const LIST_PAGES_MAX = 100
/** Milliseconds a server has to say which protocol it speaks; a silent pipe counts as an older one. */
const PROBE_MS = 10_000

const NEGOTIATION: VersionNegotiationOptions = { mode: 'auto', probe: { timeoutMs: PROBE_MS } }

/** A client that speaks both eras of the protocol and takes servers at their word. */
export function createClient(sdk: Sdk, news: ServerNews, calls: ReadonlySet<Exchange>): Client {
  const client = new sdk.Client(CLIENT_INFO, {
    capabilities: { elicitation: { form: { applyDefaults: true }, url: {} }, sampling: {} },
    versionNegotiation: NEGOTIATION,
    jsonSchemaValidator: TRUSTING,
    listMaxPages: LIST_PAGES_MAX,
  })
  client.setNotificationHandler('notifications/message', ({ params }) => {
    const { level, logger, data } = params
    news.onLog({ level, logger, data })
  })
  answerQuestions(sdk, client, calls, news)
  client.onerror = news.onError
  return client
}

/** Schemas of strangers are not compiled, and an answer that does not fit one is still the answer. */
const TRUSTING: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined })
  },
}
