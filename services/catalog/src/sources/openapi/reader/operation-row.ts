import type {
  Annotations,
  OpenapiBinding,
  OpenapiServer,
  OperationError,
} from '@executor/contracts'
import { toBodyInput } from './body-input.ts'
import type { Definitions } from './definitions.ts'
import type { Documents } from './documents.ts'
import { toOperationErrors } from './error-schemas.ts'
import { toOperationInput } from './input-schema.ts'
import { createBudget, filledText, type JsonObject } from './json.ts'
import { readNames } from './keywords.ts'
import { DESCRIPTION_CHARS_MAX } from './limits.ts'
import { toOperationOutput } from './output-schema.ts'
import { describePages } from './pagination.ts'
import type { Body, Parameter, RawOperation, Response } from './parts.ts'
import type { Schema, SchemaContext } from './schema.ts'
import type { Security } from './security.ts'

/** What reads the parts of an operation, whatever version describes them. */
export interface PartReader {
  parameters(operation: RawOperation): Parameter[]
  body(operation: RawOperation): Body | null
  responses(operation: RawOperation): Response[]
  /** Servers of the operation or its path; an empty list where it has none of its own. */
  servers(operation: RawOperation): OpenapiServer[]
}

export interface OperationContext {
  documents: Documents
  definitions: Definitions
  reader: PartReader
  security: Security
  /** The servers of the whole document. */
  servers: OpenapiServer[]
}

/** An operation as it is stored, before it becomes text. */
export interface ConvertedOperation {
  name: string
  description: string
  annotations: Annotations
  detail: {
    summary?: string
    tags: string[]
    inputSchema: JsonObject
    outputSchema?: Schema
    errors?: OperationError[]
    binding: OpenapiBinding
  }
  refs: { input: string[]; output: string[] }
  fields: { name: string; description?: string }[]
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const FILE_HINT = 'Answers with a file: emit(result.data) hands it to the person.'

export function convertOperation(
  operation: RawOperation,
  name: string,
  context: OperationContext,
): ConvertedOperation {
  const { documents, definitions, reader } = context
  const { method, path, value, document } = operation
  const budget = createBudget()
  const side = (): SchemaContext => ({
    document,
    definitions,
    budget,
    refs: new Set(),
    sameValue: new Map(),
  })
  const inputSide = side()
  const outputSide = side()
  const body = reader.body(operation)
  const bodyInput = body && toBodyInput(body, documents, inputSide)
  const ownServers = reader.servers(operation)
  const servers = ownServers.length > 0 ? ownServers : context.servers
  const parameters = reader.parameters(operation)
  const responses = reader.responses(operation)
  const input = toOperationInput(parameters, bodyInput, servers, inputSide)
  const output = toOperationOutput(responses, documents, outputSide)
  const errors = toOperationErrors(responses, outputSide)
  const pages = READING.has(method) ? describePages(parameters, responses, documents) : undefined
  if (pages !== undefined) input.schema.description = pages
  const security = context.security.accepted(value.security)
  const summary = filledText(value.summary)
  const description = describe(operation, summary)
  return {
    name,
    description: output.isFile ? `${description}\n\n${FILE_HINT}` : description,
    annotations: toAnnotations(operation),
    detail: {
      ...(summary === undefined ? {} : { summary }),
      tags: readNames(value.tags) ?? [],
      inputSchema: input.schema,
      ...(output.schema === undefined ? {} : { outputSchema: output.schema }),
      ...(errors === undefined ? {} : { errors }),
      binding: {
        method,
        path: sentPath(path),
        ...(ownServers.length > 0 ? { servers: ownServers } : {}),
        parameters: input.parameters,
        ...(body && bodyInput
          ? { body: { required: body.required, contents: bodyInput.contents } }
          : {}),
        responses: output.responses,
        ...(security === undefined ? {} : { security }),
      },
    },
    refs: { input: [...inputSide.refs].sort(), output: [...outputSide.refs].sort() },
    fields: input.fields,
  }
}

/** What follows a "#" only tells operations of one address apart; it is never sent. */
function sentPath(path: string): string {
  return path.split('#', 1)[0] || '/'
}

function describe({ method, path, value }: RawOperation, summary: string | undefined): string {
  const text = filledText(value.description) ?? summary ?? `${method} ${sentPath(path)}`
  return text.length > DESCRIPTION_CHARS_MAX ? `${text.slice(0, DESCRIPTION_CHARS_MAX)}…` : text
}

const REPEATABLE = new Set(['PUT', 'DELETE'])

function toAnnotations({ method, path, value }: RawOperation): Annotations {
  const readOnly = READING.has(method)
  return {
    readOnly,
    idempotent: readOnly || REPEATABLE.has(method),
    destructive: method === 'DELETE',
    requiresApproval: !readOnly,
    ...(readOnly ? {} : { approvalDescription: `${method} ${sentPath(path)}` }),
    ...(value.deprecated === true ? { deprecated: true } : {}),
  }
}
