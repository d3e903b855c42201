import { filledText, isObject, type JsonObject, ownValue, setOwn } from '../json.ts'
import { readNames, readText } from '../keywords.ts'
import { convertUpload, MEDIA_RESPONSE } from './convert-media.ts'
import { type CommonParameters, convertParameters } from './convert-parameters.ts'
import { schemaReference } from './convert-schema.ts'
import type { Credentials } from './convert-scopes.ts'
import type { DiscoveryMethod } from './list-methods.ts'

export interface MethodContext {
  /** The API's own name, with which the ids of its methods begin. */
  api: string
  /** Between the root and the path of a method. */
  servicePath: string
  schemas: unknown
  common: CommonParameters
  credentials: Credentials
  /** Requests and answers are wrapped in `{data}`. */
  isWrapped: boolean
}

/** An operation of the converted document. */
export interface ConvertedMethod {
  path: string
  /** In lower case. */
  verb: string
  operation: JsonObject
}

const VERBS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options'])

/**
 * A method, and the ones that stand for its other faces: what sends a file's content goes elsewhere,
 * and what answers with one is another kind of answer.
 */
export function convertMethod(method: DiscoveryMethod, context: MethodContext): ConvertedMethod[] {
  const { value } = method
  const verb = String(value.httpMethod ?? 'GET').toLowerCase()
  const path = readText(value.path) ?? readText(value.flatPath)
  if (!VERBS.has(verb) || path === undefined) return []
  const own = `/${context.servicePath}${path}`.replace(/^\/+/, '/')
  const body = requestOf(method, context)
  const upload = convertUpload(value, body?.schema ?? null)
  const isFile = value.supportsMediaDownload === true
  const answer = responseOf(value, context)
  const toOperation = (
    options: { suffix?: string; note?: string; response?: JsonObject; body?: JsonObject | null },
    template: string,
  ): ConvertedMethod => ({
    path: template.replace(/\{\+/g, '{'),
    verb,
    operation: toOperationObject(
      method,
      template,
      { ...options, response: options.response ?? answer },
      context,
    ),
  })
  const found: ConvertedMethod[] = []
  if (body || !upload) {
    // A method that has no resource to answer with answers with the file.
    const onlyFile = isFile && value.response === undefined
    found.push(
      onlyFile
        ? toOperation({ response: MEDIA_RESPONSE, body: bodyOf(body) }, withMedia(own))
        : toOperation({ body: bodyOf(body) }, own),
    )
    if (isFile && !onlyFile) {
      found.push(
        toOperation(
          {
            suffix: 'Media',
            note: 'Answers with the content itself.',
            response: MEDIA_RESPONSE,
            body: bodyOf(body),
          },
          withMedia(own),
        ),
      )
    }
  }
  if (upload) {
    found.push(
      toOperation(
        {
          ...(body ? { suffix: 'WithMedia' } : {}),
          note: body ? `Sends the content with it. ${upload.note}` : upload.note,
          body: upload.body,
        },
        upload.path.startsWith('/') ? upload.path : `/${upload.path}`,
      ),
    )
  }
  return found
}

function withMedia(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}alt=media`
}

function toOperationObject(
  method: DiscoveryMethod,
  path: string,
  options: { suffix?: string; note?: string; response: JsonObject; body?: JsonObject | null },
  context: MethodContext,
): JsonObject {
  const { id, resource, value } = method
  const { suffix = '', note = '', response, body } = options
  const own = id.startsWith(`${context.api}.`) ? id.slice(context.api.length + 1) : id
  const description = [readText(value.description)?.trim() ?? '', note.trim()]
    .filter((text) => text !== '')
    .join('\n\n')
  const [tag] = resource.split('.')
  return {
    operationId: `${id}${suffix}`,
    'x-executor-toolPath': `${own}${suffix}`,
    ...(tag ? { tags: [tag] } : {}),
    ...(description === '' ? {} : { description }),
    ...(value.deprecated === true ? { deprecated: true } : {}),
    parameters: convertParameters(value, path, context.common),
    ...(body ? { requestBody: body } : {}),
    responses: { '2XX': response },
    security: context.credentials.securityOf(method),
  }
}

interface RequestBody {
  schema: JsonObject
  required: boolean
}

/**
 * The resource that a method takes. Discovery has no word for a body that must be there; but where a
 * schema says that this method needs some of its properties, it must.
 */
function requestOf({ id, value }: DiscoveryMethod, context: MethodContext): RequestBody | null {
  const name = filledText(ownValue(value.request, '$ref'))
  if (name === undefined) return null
  const needed = neededProperties(ownValue(context.schemas, name), id)
  const reference = { $ref: schemaReference(name) }
  const schema =
    needed.length === 0 ? reference : { allOf: [reference, { type: 'object', required: needed }] }
  return { schema: context.isWrapped ? wrap(schema) : schema, required: needed.length > 0 }
}

function neededProperties(schema: unknown, methodId: string): string[] {
  const properties = ownValue(schema, 'properties')
  if (!isObject(properties)) return []
  return Object.keys(properties).filter((name) => {
    const annotations = ownValue(ownValue(properties, name), 'annotations')
    return (readNames(ownValue(annotations, 'required')) ?? []).includes(methodId)
  })
}

function bodyOf(body: RequestBody | null): JsonObject | null {
  if (!body) return null
  const { schema, required } = body
  return { ...(required ? { required } : {}), content: { 'application/json': { schema } } }
}

function responseOf(method: JsonObject, { isWrapped }: MethodContext): JsonObject {
  const name = filledText(ownValue(method.response, '$ref'))
  if (name === undefined) return { description: 'Done.' }
  const schema = { $ref: schemaReference(name) }
  return {
    description: 'Done.',
    content: { 'application/json': { schema: isWrapped ? wrap(schema) : schema } },
  }
}

function wrap(schema: JsonObject): JsonObject {
  return { type: 'object', properties: { data: schema } }
}

/** Adds an operation; two methods of one address are told apart behind a `#`, which is not sent. */
export function addOperation(paths: JsonObject, { path, verb, operation }: ConvertedMethod): void {
  const isTaken = ownValue(ownValue(paths, path), verb) !== undefined
  const key = isTaken ? `${path}#${String(operation.operationId)}` : path
  const item = ownValue(paths, key)
  setOwn(paths, key, { ...(isObject(item) ? item : {}), [verb]: operation })
}
