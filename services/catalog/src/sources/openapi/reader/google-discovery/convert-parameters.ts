import { isObject, type JsonObject, ownValue } from '../json.ts'
import { readNames } from '../keywords.ts'
import { convertSchema } from './convert-schema.ts'

/**
 * Parameters of every method that are not an agent's to choose: credentials, which belong to the
 * connection, and how the answer is wrapped, which whoever reads it decides.
 */
const OURS = new Set([
  'access_token',
  'alt',
  'bearer_token',
  'callback',
  'key',
  'oauth_token',
  'pp',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
])

export interface CommonParameters {
  /** By name, for `components.parameters`. */
  described: JsonObject
  /** The API can be called with an API key. */
  takesKey: boolean
}

/** The parameters that every method takes. */
export function convertCommonParameters(parameters: unknown): CommonParameters {
  const described: JsonObject = {}
  for (const [name, raw] of entriesOf(parameters)) {
    if (!OURS.has(name)) described[name] = convertParameter(name, raw, '')
  }
  return { described, takesKey: ownValue(parameters, 'key') !== undefined }
}

/** A method's own parameters, in the order it asks for them, then those of every method. */
export function convertParameters(
  method: JsonObject,
  path: string,
  common: CommonParameters,
): JsonObject[] {
  const own = new Map(entriesOf(method.parameters))
  const first = (readNames(method.parameterOrder) ?? []).filter((name) => own.has(name))
  const names = [...new Set([...first, ...own.keys()])]
  const shared = Object.keys(common.described).filter((name) => !own.has(name))
  return [
    ...names.map((name) => convertParameter(name, own.get(name) ?? {}, path)),
    ...shared.map((name) => ({ $ref: `#/components/parameters/${name.replaceAll('/', '~1')}` })),
  ]
}

function convertParameter(name: string, raw: JsonObject, path: string): JsonObject {
  const { required: _, repeated, ...rest } = raw
  const isInPath = raw.location === 'path'
  const { description, deprecated, ...schema } = convertSchema(rest)
  return {
    name,
    in: isInPath ? 'path' : raw.location === 'header' ? 'header' : 'query',
    ...(isInPath || raw.required === true ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(repeated === true
      ? { schema: { type: 'array', items: schema }, style: isInPath ? 'simple' : 'form' }
      : { schema }),
    ...(repeated === true && !isInPath ? { explode: true } : {}),
    // RFC 6570's reserved expansion: the value is several segments, and its slashes stay.
    ...(path.includes(`{+${name}}`) ? { allowReserved: true } : {}),
  }
}

function entriesOf(parameters: unknown): [string, JsonObject][] {
  if (!isObject(parameters)) return []
  return Object.keys(parameters).flatMap((name) => {
    const raw = ownValue(parameters, name)
    return isObject(raw) ? [[name, raw] as [string, JsonObject]] : []
  })
}
