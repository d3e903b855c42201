import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Wire {
  /** `POST /path?query HTTP/1.1`. */
  line: string
  path: string
  /** As they were sent, names in lower case. */
  headers: Record<string, string>
  body: Buffer
}

export interface Upstream extends AsyncDisposable {
  origin: string
  /** Every request, byte for byte. */
  wires: Wire[]
  /** The last one. */
  readonly wire: Wire
}

export type Reply = string | Buffer | ((wire: Wire, socket: Socket) => string | Buffer | undefined)

export const NO_CONTENT = 'HTTP/1.1 204 No Content\r\n\r\n'

/** A whole response. */
export function reply(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer = '',
): Buffer {
  const bytes = Buffer.from(body)
  const lines = Object.entries({ ...headers, 'content-length': String(bytes.length) })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${head}\r\n`), bytes])
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Buffer {
  return reply(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value))
}

/** A server that keeps the raw bytes it was sent and answers with the raw bytes it was given. */
export async function startUpstream(answer: Reply = NO_CONTENT): Promise<Upstream> {
  const wires: Wire[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const wire = parseWire(received)
      if (!wire) return
      received = Buffer.alloc(0)
      wires.push(wire)
      const bytes = typeof answer === 'function' ? answer(wire, socket) : answer
      if (bytes !== undefined) socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    wires,
    get wire() {
      const last = wires.at(-1)
      if (!last) throw new RangeError('nothing was sent')
      return last
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function parseWire(received: Buffer): Wire | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...fields] = received.toString('latin1', 0, end).split('\r\n')
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  const body = received.subarray(end + 4)
  if (body.length < Number(headers['content-length'] ?? 0)) return null
  return { line, path: line.split(' ')[1] ?? '', headers, body }
}
