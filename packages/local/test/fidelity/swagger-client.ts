// biome-ignore lint/correctness/noUnresolvedImports: it has no index but an entry in its package.json.
import SwaggerClient from 'swagger-client'
import type { Call } from './call.ts'
import type { DescribedDocument, JsonObject } from './document.ts'
import { fileType, isFileField } from './files.ts'

/** Sends a call with swagger-client, which Swagger UI is built on; answers why it could not. */
export async function sendWithSwaggerClient(
  document: DescribedDocument,
  call: Call,
  origin: string,
): Promise<string | null> {
  const { described, body } = call
  const parameters: JsonObject = {}
  for (const { parameter, value } of call.parameters)
    parameters[`${parameter.in}.${parameter.name}`] = value
  // It asks for required headers that it then leaves out, as it should.
  for (const { in: place, name, required } of described.parameters)
    if (place === 'header' && required === true) parameters[`header.${name}`] ??= 'ignored'
  const request = {
    spec: atOrigin(document, call, origin),
    pathName: described.path,
    method: described.method.toLowerCase(),
    parameters,
    ...(body ? toBody(document, call, parameters) : {}),
  }
  try {
    await SwaggerClient.execute(request)
    return null
  } catch (error) {
    // What it cannot send is counted by its reason.
    return error instanceof Error ? error.message : String(error)
  }
}

/** The document with one path, and one server: ours. */
function atOrigin(
  { root, isSwagger }: DescribedDocument,
  { described }: Call,
  origin: string,
): JsonObject {
  const { servers: _, ...item } = root.paths[described.path] as JsonObject
  const { servers: __, security: ___, ...operation } = described.operation
  const paths = { [described.path]: { ...item, [described.method.toLowerCase()]: operation } }
  if (!isSwagger) return { ...root, paths, servers: [{ url: origin }], security: [] }
  return {
    ...root,
    paths,
    security: [],
    schemes: ['http'],
    host: new URL(origin).host,
    basePath: '',
  }
}

function toBody({ isSwagger }: DescribedDocument, call: Call, parameters: JsonObject): JsonObject {
  const { described, body } = call
  if (!body) return {}
  const value = toFields(call)
  if (!isSwagger) return { requestBody: value, requestContentType: body.mediaType }
  const named = described.parameters.find((parameter) => parameter.in === 'body')
  if (named) parameters[`body.${named.name}`] = value
  else
    for (const [name, field] of Object.entries(value as JsonObject))
      parameters[`formData.${name}`] = field
  return { requestContentType: body.mediaType }
}

/** Base64 text where we take files; `File` where a browser would have one. */
function toFields({ body }: Call): unknown {
  if (!body) return undefined
  const { mediaType, media, value } = body
  if (mediaType.startsWith('multipart/'))
    return Object.fromEntries(
      Object.entries(value as JsonObject).map(([name, field]) => [
        name,
        isFileField(media, name) ? toFiles(name, field, fileType(media, name)) : field,
      ]),
    )
  const isBytes = !/[/+]json\b|\*\/\*|urlencoded|^text\/|xml|yaml|plain/.test(mediaType)
  return isBytes ? Buffer.from(value as string, 'base64') : value
}

function toFiles(name: string, field: unknown, type: string): unknown {
  if (Array.isArray(field)) return field.map((item) => toFiles(name, item, type))
  return new File([Buffer.from(String(field), 'base64')], name, { type })
}
