import { findEndpointName, parseEndpointUrl } from '../endpoint.ts'
import { createInputParser } from '../input.ts'

export const parseInput = createInputParser('graphql_input_invalid')

/** The address queries are sent to. */
export function parseEndpoint(text: string): string {
  return parseEndpointUrl(text, 'graphql_endpoint_invalid')
}

/** `https://api.github.com/graphql` is `Github`; a machine without a name is `GraphQL`. */
export function nameOf(endpoint: string): string {
  return findEndpointName(endpoint, GENERAL) ?? FALLBACK_NAME
}

const GENERAL = ['backend', 'data', 'gql', 'graphql', 'public']

/** Of a schema that nobody has named. */
export const FALLBACK_NAME = 'GraphQL'
