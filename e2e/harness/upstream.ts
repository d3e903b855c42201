import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { ledgerDocument } from './ledger-document.ts'
import { answerLedger } from './ledger-routes.ts'
import type { WireRequest } from './wire-request.ts'

/** What an upstream may do to its callers, after it has taken note of the request. */
export type Mischief = 'hang' | 'drop'

export interface Page {
  type: string
  /** The whole body, or what writes it piece by piece. */
  body: string | Buffer | ((response: ServerResponse) => void)
}

/** An API on loopback that keeps a ledger of everything it was sent. */
export interface Upstream {
  origin: string
  /** Every request, in the order in which they came. */
  readonly ledger: readonly WireRequest[]
  sentTo(path: string): WireRequest[]
  /** Requests that write under a label: what must never be two. */
  writes(label: string): WireRequest[]
  forget(): void
  /** Milliseconds that every answer is late. */
  delay(ms: number): void
  /** From now on; until told `null`. */
  misbehave(path: string, mischief: Mischief | null): void
  /** From now on its protected route takes this credential and no other; any, when told `null`. */
  lock(key: string | null): void
  /** Puts a document at a path. */
  publish(path: string, page: Page): string
  close(): Promise<void>
}

export async function startUpstream(): Promise<Upstream> {
  const ledger: WireRequest[] = []
  const mischiefs = new Map<string, Mischief>()
  const pages = new Map<string, Page>()
  let delayMs = 0
  let key: string | null = null

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wire = await readWire(request)
    ledger.push(wire)
    const mischief = mischiefs.get(wire.path)
    if (mischief === 'hang') return
    if (mischief === 'drop') return void response.socket?.destroy()
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    const page = pages.get(wire.path)
    if (page) sendPage(response, page)
    else answerLedger(wire, response, { ledger, key })
  }
  const server = createServer((request, response) => {
    // A caller that was killed has closed its end: nobody is left to be told.
    answer(request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const publish = (path: string, page: Page) => {
    pages.set(path, page)
    return `${origin}${path}`
  }
  publish('/openapi.json', {
    type: 'application/json',
    body: JSON.stringify(ledgerDocument(origin)),
  })

  return {
    origin,
    ledger,
    publish,
    lock(wanted) {
      key = wanted
    },
    sentTo: (path) => ledger.filter((wire) => wire.path === path),
    writes: (label) =>
      ledger.filter(({ method, body }) => method === 'POST' && labelOf(body) === label),
    forget() {
      ledger.length = 0
    },
    delay(ms) {
      delayMs = ms
    },
    misbehave(path, mischief) {
      if (mischief) mischiefs.set(path, mischief)
      else mischiefs.delete(path)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readWire(request: IncomingMessage): Promise<WireRequest> {
  const at = Date.now()
  const body = await text(request)
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  return { at, method: request.method ?? '', path, query, headers, body }
}

function sendPage(response: ServerResponse, { type, body }: Page): void {
  response.writeHead(200, { 'content-type': type })
  if (typeof body === 'function') body(response)
  else response.end(body)
}

function labelOf(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null && 'label' in parsed ? parsed.label : null
  } catch {
    return null
  }
}
