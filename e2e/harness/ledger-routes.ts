import type { ServerResponse } from 'node:http'
import type { WireRequest } from './wire-request.ts'

const SLOW_MS = 3_000

interface State {
  ledger: readonly WireRequest[]
  /** The one credential that is taken; null for any. */
  key: string | null
}

/** How the ledger API answers, after the request was taken note of. */
export function answerLedger(wire: WireRequest, response: ServerResponse, state: State): void {
  const [, first = '', second = ''] = wire.path.split('/')
  const query = new URLSearchParams(wire.query)
  const route = routes[first]
  if (route) route({ wire, response, ...state, query, part: decodeURIComponent(second) })
  else send(response, 404, { error: `nothing at ${wire.path}` })
}

interface Call extends State {
  wire: WireRequest
  response: ServerResponse
  query: URLSearchParams
  /** The second part of the path. */
  part: string
}

const routes: Record<string, (call: Call) => void> = {
  items: ({ response, part }) => send(response, 200, { id: part, name: `item ${part}` }),
  writes: ({ wire, response, ledger }) => write(wire, response, ledger),
  'gated-writes': ({ wire, response, ledger }) => write(wire, response, ledger),
  slow: ({ response }) => void setTimeout(() => send(response, 200, { slow: true }), SLOW_MS),
  failing: ({ response, part }) =>
    send(response, Number(part), { error: 'as you wished', status: Number(part) }),
  echo: ({ wire, response }) => send(response, 200, wire),
  big: ({ response, query }) =>
    send(response, 200, { text: 'b'.repeat(Number(query.get('chars'))) }),
  protected: ({ wire, response, key }) =>
    hasCredential(wire, key)
      ? send(response, 200, { welcome: true })
      : send(response, 401, { error: 'who?' }),
  pets: ({ response, query }) =>
    send(response, 200, [{ id: 1, name: 'Rex', status: query.get('status') }]),
}

function write(
  { body }: WireRequest,
  response: ServerResponse,
  ledger: readonly WireRequest[],
): void {
  const { label } = JSON.parse(body) as { label: string }
  send(response, 201, { label, number: ledger.filter(({ method }) => method === 'POST').length })
}

function hasCredential({ headers, query }: WireRequest, key: string | null): boolean {
  const bearer = headers.authorization?.replace(/^Bearer /, '')
  const inQuery = new URLSearchParams(query).get('ledger_key')
  const given = bearer ?? headers['x-ledger-key'] ?? inQuery
  return given != null && given !== '' && (key === null || given === key)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
