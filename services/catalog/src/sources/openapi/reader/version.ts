import { parseFailed } from './document-error.ts'
import { isObject, type JsonObject, textOf } from './json.ts'

export type Flavor = 'swagger' | 'openapi'

export interface Version {
  flavor: Flavor
  dialect: '3.0' | '3.1'
  /** A later version than we know, read as the last one we do. */
  isUnknown: boolean
}

/** Which description language a document is written in. Throws `openapi_parse_failed`. */
export function readVersion(root: JsonObject): Version {
  const swagger = textOf(root.swagger)
  const openapi = textOf(root.openapi)
  // Unquoted in YAML, 2.0 and 3.0 are numbers that print without their zero.
  if (swagger !== undefined && /^2(\.0|$)/.test(swagger)) {
    return { flavor: 'swagger', dialect: '3.0', isUnknown: false }
  }
  if (openapi !== undefined && /^3(\.|$)/.test(openapi)) {
    const minor = Number(openapi.split('.')[1] ?? '0')
    return { flavor: 'openapi', dialect: minor === 0 ? '3.0' : '3.1', isUnknown: minor > 2 }
  }
  throw parseFailed(describeOther(root, swagger, openapi))
}

function describeOther(root: JsonObject, swagger?: string, openapi?: string): string {
  const version = openapi !== undefined ? `OpenAPI ${openapi}` : `Swagger ${swagger}`
  const readable = 'OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 can be read.'
  if (openapi !== undefined || swagger !== undefined) {
    return `The document is written in ${version.slice(0, 40)}. ${readable}`
  }
  const other = OTHER_LANGUAGES.find(({ isWritten }) => isWritten(root))
  if (other) return `The document is ${other.name}, not an OpenAPI description. ${readable}`
  return `The document has neither an "openapi" nor a "swagger" field, so it is no OpenAPI description. ${readable}`
}

const OTHER_LANGUAGES: { name: string; isWritten: (root: JsonObject) => boolean }[] = [
  { name: 'an AsyncAPI description', isWritten: (root) => 'asyncapi' in root },
  { name: 'a Google Discovery document', isWritten: (root) => 'discoveryVersion' in root },
  { name: 'an Arazzo description', isWritten: (root) => 'arazzo' in root },
  { name: 'a JSON Schema', isWritten: (root) => '$schema' in root },
  {
    name: 'a Postman collection',
    isWritten: (root) => isObject(root.info) && '_postman_id' in root.info,
  },
  {
    name: 'a GraphQL introspection result',
    isWritten: (root) => '__schema' in root || (isObject(root.data) && '__schema' in root.data),
  },
]
