type Json = Record<string, unknown>

const text = { type: 'string' }
const answers = { 200: { description: 'Well.', content: { 'application/json': { schema: {} } } } }
const labelled = {
  type: 'object',
  required: ['label'],
  properties: { label: { ...text, description: 'Says which write this is.' }, note: text },
  additionalProperties: false,
}

function operation(tag: string, operationId: string, summary: string, rest: Json = {}): Json {
  return { tags: [tag], operationId, summary, responses: answers, ...rest }
}

function parameter(where: string, name: string, schema: Json, rest: Json = {}): Json {
  return { in: where, name, schema, required: where === 'path', ...rest }
}

function jsonBody(schema: Json): Json {
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

/** The ledger API's description of itself. */
export function ledgerDocument(origin: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Ledger', version: '1.0.0', description: 'Keeps note of what it is sent.' },
    servers: [{ url: origin }],
    // Whatever else a document says, an operation without `security` of its own takes any of these.
    security: [{}, { key: [] }, { queryKey: [] }, { bearer: [] }, { basic: [] }],
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Ledger-Key' },
        queryKey: { type: 'apiKey', in: 'query', name: 'ledger_key' },
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
      },
    },
    paths,
  }
}

const paths = {
  '/items/{id}': {
    get: operation('items', 'readItem', 'Read an item', {
      parameters: [parameter('path', 'id', text)],
    }),
  },
  '/writes': {
    post: operation('writes', 'write', 'Write something down', jsonBody(labelled)),
  },
  '/gated-writes': {
    post: operation('gated', 'write', 'Write something that a person approves', jsonBody(labelled)),
  },
  '/slow': { get: operation('slow', 'readSlowly', 'Read what takes seconds') },
  '/failing/{status}': {
    get: operation('failing', 'fail', 'Fail with a status', {
      parameters: [parameter('path', 'status', { type: 'integer' })],
    }),
  },
  '/echo/{segment}': {
    put: operation('echo', 'tellBack', 'Tell what arrived', {
      parameters: [
        parameter('path', 'segment', text),
        parameter('query', 'tags', { type: 'array', items: text }),
        parameter('query', 'filter', { type: 'object' }, { style: 'deepObject', explode: true }),
        parameter('header', 'X-Request-Label', text),
      ],
      ...jsonBody({ type: 'object' }),
    }),
  },
  '/big': {
    get: operation('big', 'readMuch', 'Read a long text', {
      parameters: [parameter('query', 'chars', { type: 'integer' }, { required: true })],
    }),
  },
  '/protected': { get: operation('protected', 'enter', 'Enter with a credential') },
  '/pets/findByStatus': {
    get: operation('pet', 'findPetsByStatus', 'Find pets by their status', {
      parameters: [parameter('query', 'status', text)],
    }),
  },
}
