import type { DescribedOperation, DescribedParameter, JsonObject } from './document.ts'
import { generateValue } from './generate-value.ts'
import { type Generation, NoValue, type Shape } from './generation.ts'
import type { ImportedTool } from './product.ts'
import { createRandom } from './random.ts'

/** One call of an operation: what every client is given to send. */
export interface Call {
  described: DescribedOperation
  parameters: { parameter: DescribedParameter; value: unknown }[]
  body: { mediaType: string; media: JsonObject; value: unknown } | null
}

/** OpenAPI leaves these to bodies, responses and security, HTTP the last to the connection. */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization', 'content-length'])

/** Arguments for an operation, the same in every run. Throws `NoValue`. */
export function generateCall(described: DescribedOperation, shape: Shape, turn: number): Call {
  const random = createRandom(`${described.method} ${described.path} ${shape}`)
  const generation = { random, shape, isJson: false }
  const parameters = described.parameters.flatMap((parameter) => {
    if (!isSent(parameter)) return []
    const isRequired = parameter.required === true || parameter.in === 'path'
    if (!isRequired && shape === 'least') return []
    try {
      const value = generateParameter(parameter, generation)
      if (parameter.in === 'path' && isEmpty(value)) throw new NoValue('a path with nothing in it')
      return [{ parameter, value }]
    } catch (error) {
      if (isRequired || !(error instanceof NoValue)) throw error
      return []
    }
  })
  return { described, parameters, body: generateBody(described, generation, turn) }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function isSent({ in: place, name }: DescribedParameter): boolean {
  if (place === 'header') return !IGNORED_HEADERS.has(name.toLowerCase())
  return place === 'path' || place === 'query' || place === 'cookie'
}

function generateParameter(parameter: DescribedParameter, generation: Generation): unknown {
  const { content } = parameter
  if (content === undefined)
    return generateValue(parameter.schema ?? withoutWords(parameter), flat(parameter, generation))
  const [media] = Object.values(content as Record<string, JsonObject>)
  return generateValue(media?.schema, { ...generation, isJson: true })
}

/** Headers are one line of ASCII as far as every client agrees; a path has nothing empty in it. */
function flat({ in: place }: DescribedParameter, generation: Generation): Generation {
  const isHeader = place === 'header' || place === 'cookie'
  const isPlain = isHeader
    ? generation.shape === 'strange'
    : place === 'path' && generation.shape === 'least'
  return isPlain ? { ...generation, shape: 'plain' } : generation
}

/** A parameter of Swagger 2.0 is its own schema. */
function withoutWords({ required: _, ...schema }: DescribedParameter): JsonObject {
  return schema
}

function generateBody(
  { body }: DescribedOperation,
  generation: Generation,
  turn: number,
): Call['body'] {
  if (!body || (generation.shape === 'least' && !body.required)) return null
  const [mediaType, media] = body.contents[turn % body.contents.length] as [string, JsonObject]
  const isForm = /^(multipart\/|application\/x-www-form-urlencoded)/.test(mediaType)
  const isJson = /[/+]json\b|\*\/\*/.test(mediaType)
  if (isForm || isJson)
    return {
      mediaType,
      media,
      value: generateValue(media.schema, { ...generation, isJson, isForm }),
    }
  const isText = /^text\/|xml|yaml|plain/.test(mediaType)
  return { mediaType, media, value: isText ? 'some text' : BYTES }
}

/** Bytes that are no text, in base64. */
export const BYTES = Buffer.from([0, 1, 254, 255, 13, 10, 45, 45]).toString('base64')

/** The call in the arguments of our tool; a parameter we did not import is named. */
export function toArguments(
  call: Call,
  { binding }: ImportedTool,
): { args: JsonObject; unknown: string[] } {
  const args: JsonObject = {}
  const unknown: string[] = []
  for (const { parameter, value } of call.parameters) {
    const { name, in: place } = parameter
    const bound = binding.parameters.find((known) => known.in === place && known.name === name)
    if (bound) args[bound.argument] = value
    else unknown.push(`${place} ${name}`)
  }
  if (call.body) {
    const { value } = call.body
    // "Anything" is JSON to us, as it nearly always is to the server.
    const mediaType = call.body.mediaType === '*/*' ? 'application/json' : call.body.mediaType
    const contents = binding.body?.contents ?? []
    const content = contents.find((known) => known.mediaType === mediaType)
    args[content?.binary ? 'bodyBase64' : 'body'] = value
    if (contents.length > 1) args.contentType = mediaType
    if (contents.length === 0) unknown.push('body')
  }
  return { args, unknown }
}
