import type { JsonObject } from '../json.ts'

/** A Discovery document as Google's service answers with it, with what a test wants to be different. */
export function aDiscovery(parts: JsonObject = {}): string {
  return JSON.stringify({
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'shelf:v1',
    name: 'shelf',
    version: 'v1',
    title: 'Shelf API',
    description: 'Books, and where they stand.',
    protocol: 'rest',
    rootUrl: 'https://shelf.googleapis.com/',
    servicePath: 'shelf/v1/',
    batchPath: 'batch/shelf/v1',
    parameters: {
      alt: { type: 'string', location: 'query', default: 'json', enum: ['json', 'media'] },
      fields: { type: 'string', location: 'query', description: 'Which fields to answer with.' },
      key: { type: 'string', location: 'query' },
      access_token: { type: 'string', location: 'query' },
      '$.xgafv': { type: 'string', location: 'query', enum: ['1', '2'] },
    },
    auth: {
      oauth2: {
        scopes: {
          [SCOPE.all]: { description: 'All of Google Cloud' },
          [SCOPE.write]: { description: 'Arrange books' },
          [SCOPE.read]: { description: 'See books' },
        },
      },
    },
    schemas: SCHEMAS,
    resources: { books: { methods: { list: LIST } } },
    ...parts,
  })
}

export const SCOPE = {
  all: 'https://www.googleapis.com/auth/cloud-platform',
  write: 'https://www.googleapis.com/auth/shelf',
  read: 'https://www.googleapis.com/auth/shelf.readonly',
}

export const LIST: JsonObject = {
  id: 'shelf.books.list',
  httpMethod: 'GET',
  path: 'shelves/{shelfId}/books',
  description: 'Lists books.',
  parameterOrder: ['shelfId'],
  parameters: {
    labels: { type: 'string', location: 'query', repeated: true, enum: ['NEW', 'LENT'] },
    maxResults: {
      type: 'integer',
      format: 'int32',
      location: 'query',
      default: '10',
      minimum: '1',
      maximum: '100',
    },
    shelfId: { type: 'string', location: 'path', required: true },
  },
  response: { $ref: 'Books' },
  scopes: [SCOPE.all, SCOPE.write, SCOPE.read],
}

const SCHEMAS: JsonObject = {
  Book: {
    id: 'Book',
    type: 'object',
    properties: {
      name: { type: 'string', annotations: { required: ['shelf.books.insert'] } },
      pages: { type: 'string', format: 'int64' },
      cover: { type: 'string', format: 'byte' },
      readAt: { type: 'string', format: 'google-datetime', readOnly: true },
      state: {
        type: 'string',
        enum: ['NEW', 'LENT'],
        enumDescriptions: ['Never opened.', 'Somebody has it.'],
      },
      notes: { type: 'object', additionalProperties: { type: 'any' } },
      sequel: { $ref: 'Book' },
    },
  },
  Books: {
    id: 'Books',
    type: 'object',
    properties: {
      items: { type: 'array', items: { $ref: 'Book' } },
      nextPageToken: { type: 'string' },
    },
  },
}
