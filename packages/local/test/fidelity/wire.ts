import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { readPublished } from './descriptions.ts'

/** A request as it came off the socket. */
export interface Wire {
  method: string
  /** The request target, byte for byte. */
  target: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: Buffer
}

export interface Recorder extends AsyncDisposable {
  origin: string
  /** Address under which a file below `node_modules` is served. */
  addressOf(path: string): string
  /** The one request that was sent since the last time; null where none was. */
  take(): Wire | null
}

/** Serves descriptions, and takes down every other request it is sent. */
export async function startRecorder(): Promise<Recorder> {
  const recorded: Wire[] = []
  const server = createServer(async (request, response) => {
    const wire = await readWire(request).catch(() => null)
    // A client that broke off has sent nothing.
    if (!wire) return
    if (!wire.target.startsWith(DOCUMENTS)) {
      recorded.push(wire)
      response.writeHead(204).end()
      return
    }
    const path = decodeURIComponent(wire.target.slice(DOCUMENTS.length))
    const type = extname(path) === '.json' ? 'application/json' : 'application/yaml'
    response.writeHead(200, { 'content-type': type }).end(readPublished(path))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    addressOf: (path) => origin + DOCUMENTS + path,
    take() {
      const [wire = null] = recorded.splice(0)
      return wire
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const DOCUMENTS = '/published-descriptions/'

async function readWire(request: IncomingMessage): Promise<Wire> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  const { method = '', url: target = '' } = request
  return { method, target, headers, body: await buffer(request) }
}
