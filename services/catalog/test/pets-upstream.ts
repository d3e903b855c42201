import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One operation of a description: what it does, and what it takes. */
export interface Pet {
  method?: 'get' | 'post' | 'delete'
  description?: string
  /** Type of its one argument; `Pet` refers to a shared definition. */
  takes?: string
}

export interface PetsUpstream {
  url: string
  /** Times the description was fetched. */
  fetched: number
  /** What it describes from now on, by operation; a status to answer instead. */
  describe(pets: Record<string, Pet> | number, petSchema?: object, server?: string): void
  close(): Promise<void>
}

/** A server on loopback whose description changes, breaks and comes back. */
export async function startPetsUpstream(): Promise<PetsUpstream> {
  let answer: string | number = 500
  const server = createServer((_, response) => {
    upstream.fetched++
    if (typeof answer === 'number') {
      response.writeHead(answer).end('gone')
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const upstream: PetsUpstream = {
    url: `${origin}/openapi.json`,
    fetched: 0,
    describe(pets, petSchema = PET, server = origin) {
      answer = typeof pets === 'number' ? pets : toDocument(server, pets, petSchema)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return upstream
}

const PET = { type: 'object', properties: { age: { type: 'integer' } } }

function toDocument(origin: string, pets: Record<string, Pet>, petSchema: object): string {
  const paths = Object.entries(pets).map(([name, { method = 'get', description, takes }]) => {
    const schema = takes === 'Pet' ? { $ref: '#/components/schemas/Pet' } : { type: takes }
    const content = { 'application/json': { schema } }
    const operation = {
      operationId: name,
      tags: ['pets'],
      description: description ?? `Does ${name}.`,
      ...(takes === undefined
        ? {}
        : method === 'get'
          ? { parameters: [{ name: 'which', in: 'query', schema }] }
          : { requestBody: { content } }),
      responses: { 200: { description: 'Done.' } },
    }
    return [`/${name}`, { [method]: operation }]
  })
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1' },
    servers: [{ url: origin }],
    paths: Object.fromEntries(paths),
    components: { schemas: { Pet: petSchema } },
  })
}
