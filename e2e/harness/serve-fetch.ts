import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ReadableStream } from 'node:stream/web'

export interface FetchServer {
  readonly origin: string
  close(): Promise<void>
}

/** A function from request to response, behind a real socket. */
export async function serveFetch(
  handle: (request: Request) => Promise<Response>,
  port = 0,
): Promise<FetchServer> {
  const server = createServer(async (incoming, outgoing) => {
    const left = new AbortController()
    outgoing.once('close', () => left.abort())
    const response = await handle(await toRequest(incoming, left.signal))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).flushHeaders()
    if (response.body)
      Readable.fromWeb(response.body as ReadableStream)
        .on('error', () => outgoing.destroy())
        .pipe(outgoing)
    else outgoing.end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/', headers } = incoming
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  const body = method === 'POST' ? { body: new Uint8Array(await buffer(incoming)) } : {}
  return new Request(new URL(url, 'http://server'), {
    method,
    headers: new Headers(given.map(([name, value]) => [name, value])),
    signal,
    ...body,
  })
}
