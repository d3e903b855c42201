/** What a server has to know to be asked for it. */
export interface IntrospectionFeatures {
  /** Deprecated arguments and fields of input objects (October 2021 and later). */
  inputDeprecation: boolean
  /** `specifiedByURL` and the schema's own description (October 2021). */
  descriptions: boolean
  /** `isOneOf` (September 2025). */
  oneOf: boolean
}

/** From the latest to what every server knows: one that refuses a question is asked the next one. */
export const INTROSPECTIONS: readonly IntrospectionFeatures[] = [
  { inputDeprecation: true, descriptions: true, oneOf: true },
  { inputDeprecation: true, descriptions: true, oneOf: false },
  { inputDeprecation: false, descriptions: false, oneOf: false },
]

/** `[[[[Thing!]!]!]!]!`: deeper than people write, and no deeper than servers usually allow. */
const TYPE_DEPTH = 9

/** The whole schema in one query. Directives are left out: nothing is called by them. */
export function introspectionQuery(features: IntrospectionFeatures): string {
  const { inputDeprecation, descriptions, oneOf } = features
  const all = inputDeprecation ? '(includeDeprecated: true)' : ''
  const deprecation = 'isDeprecated deprecationReason'
  return `query IntrospectionQuery {
  __schema {
    ${descriptions ? 'description' : ''}
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types {
      kind name description ${descriptions ? 'specifiedByURL' : ''} ${oneOf ? 'isOneOf' : ''}
      fields(includeDeprecated: true) {
        name description args${all} { ...InputValue } type { ...TypeRef } ${deprecation}
      }
      inputFields${all} { ...InputValue }
      interfaces { kind name }
      enumValues(includeDeprecated: true) { name description ${deprecation} }
      possibleTypes { kind name }
    }
  }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue ${inputDeprecation ? deprecation : ''}
}
fragment TypeRef on __Type { ${typeRef(TYPE_DEPTH)} }`
}

function typeRef(depth: number): string {
  return depth === 0 ? 'kind name' : `kind name ofType { ${typeRef(depth - 1)} }`
}
