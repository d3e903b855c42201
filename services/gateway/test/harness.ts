import type { AddressInfo } from 'node:net'
import { createGateway, createLocalBearers, type GatewayConfig, type Log } from '../src/service.ts'
import { type Neighbourhood, type Neighbours, openNeighbourhood } from './neighbours.ts'

export const OWNER = 'owner-key-0123456789abcdef'
export const AGENT = 'agent-key-0123456789abcdef'

export interface LoggedLine {
  level: 'info' | 'warn' | 'error'
  message: string
  fields: Record<string, unknown>
}

export interface Ask {
  method?: string
  /** Whose key; nobody's when `null`. */
  as?: 'owner' | 'agent' | null
  body?: unknown
  headers?: Record<string, string>
}

export interface Harness extends Neighbourhood {
  origin: string
  port: number
  lines: LoggedLine[]
  /** Sends a request, follows nothing. */
  ask(path: string, ask?: Ask): Promise<Response>
  json(path: string, ask?: Ask): Promise<{ status: number; body: unknown; headers: Headers }>
}

/** A gateway that listens on a port of its own, with neighbours that a test chooses. */
export async function startGateway(
  neighbours: Neighbours = {},
  config: Partial<GatewayConfig> = {},
): Promise<Harness> {
  const neighbourhood = await openNeighbourhood(neighbours)
  const lines: LoggedLine[] = []
  const app = await createGateway({
    bus: neighbourhood.gateway,
    auth: createLocalBearers({ ownerToken: OWNER, agentToken: AGENT }),
    config: { allowedHosts: [], allowedOrigins: [], version: '1.2.3', ...config },
    log: collect(lines),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`

  const ask = (path: string, { method, as = 'owner', body, headers }: Ask = {}) =>
    fetch(`${origin}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        ...(as && { authorization: `Bearer ${as === 'owner' ? OWNER : AGENT}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return {
    ...neighbourhood,
    origin,
    port,
    lines,
    ask,
    json: async (path, given) => {
      const response = await ask(path, given)
      const text = await response.text()
      return {
        status: response.status,
        body: text === '' ? undefined : JSON.parse(text),
        headers: response.headers,
      }
    },
    close: async () => {
      await app.close()
      await neighbourhood.close()
    },
  }
}

function collect(lines: LoggedLine[]): Log {
  const at = (level: LoggedLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...fields } })
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
