import type { ServiceError } from '@executor/contracts'
import type { ErrorTag } from '../errors.ts'
import type { Given } from './route.ts'

/**
 * Existing clients decode an error strictly: by its name, and with the fields that say what it is
 * about. A rule names the errors of one group of routes; what it leaves has its general name.
 */
type TagRule = (error: ServiceError, given: Given) => ErrorTag | undefined

export const tagToolError: TagRule = (error, given) => {
  if (error.code !== 'not_found') return undefined
  const suggestions = error.details?.suggestions
  const address = text(given.address)
  return { tag: 'ToolNotFoundError', fields: { address, ...(suggestions ? { suggestions } : {}) } }
}

export const tagIntegrationError: TagRule = (error, given) => {
  const slug = text(error.details?.slug ?? given.slug ?? given.integration)
  if (error.code === 'not_found') return { tag: 'IntegrationNotFoundError', fields: { slug } }
  if (error.code === 'already_exists')
    return { tag: 'IntegrationAlreadyExistsError', fields: { slug } }
  if (error.reason === 'integration_fixed')
    return { tag: 'IntegrationRemovalNotAllowedError', fields: { slug } }
  return undefined
}

export const tagConnectionError: TagRule = (error, given) => {
  if (error.code !== 'not_found') return tagCredentialError(error, given)
  if (error.reason.includes('integration')) return tagIntegrationError(error, given)
  const { owner, integration, name } = given
  const fields = { owner: text(owner), integration: text(integration), name: text(name) }
  return { tag: 'ConnectionNotFoundError', fields }
}

/** Where a connection does not exist yet, only its integration can be missing. */
export const tagCredentialError: TagRule = (error, given) => {
  if (error.code === 'not_found') return tagIntegrationError(error, given)
  if (error.code === 'invalid_argument') return { tag: 'InvalidConnectionInputError' }
  if (error.code === 'failed_precondition' && error.reason.includes('provider'))
    return { tag: 'CredentialProviderNotRegisteredError', fields: { provider: providerOf(given) } }
  return undefined
}

/** Documents that cannot be read, and documents that can but describe nothing to call. */
export const tagOpenapiError: TagRule = (error, given) => {
  const isOfDocument =
    error.code === 'invalid_argument' &&
    error.reason !== 'request_invalid' &&
    error.reason !== 'payload_too_large'
  if (!isOfDocument) return tagIntegrationError(error, given)
  if (error.reason.includes('oauth')) return { tag: 'OpenApiOAuthError' }
  return { tag: error.reason.includes('extract') ? 'OpenApiExtractionError' : 'OpenApiParseError' }
}

/** Servers that cannot be reached, or not in the way that was asked for. */
export const tagMcpError: TagRule = (error, given) =>
  /^(?:mcp|upstream|egress)_/.test(error.reason)
    ? { tag: 'McpConnectionError' }
    : tagIntegrationError(error, given)

/** What a sign-in, and what leads to it, can fail of; whose right it is to begin one is said elsewhere. */
export const tagOauthError =
  (tag: string): TagRule =>
  (error, given) => {
    const { code, reason } = error
    if (reason === 'oauth_session_unknown') return { tag: 'OAuthSessionNotFoundError' }
    if (!/^(?:oauth|egress|connection)_/.test(reason))
      return code === 'not_found' ? tagIntegrationError(error, given) : undefined
    return code === 'unavailable' || code === 'deadline_exceeded' ? { tag } : { tag, status: 400 }
  }

export const tagDetectError: TagRule = ({ reason }) =>
  reason === 'detect_nothing' ? { tag: 'IntegrationDetectError' } : undefined

export const tagExecutionError: TagRule = (error, given) =>
  error.code === 'not_found'
    ? { tag: 'ExecutionNotFoundError', fields: { executionId: text(given.executionId) } }
    : undefined

export const tagProviderError: TagRule = (error, given) =>
  error.reason.includes('provider')
    ? { tag: 'CredentialProviderNotRegisteredError', fields: { provider: text(given.key) } }
    : undefined

export const tagPolicyError: TagRule = (error, given) =>
  error.code === 'not_found'
    ? { tag: 'PolicyNotFoundError', fields: { policyId: text(given.policyId) } }
    : undefined

function providerOf({ from }: Given): string {
  return typeof from === 'object' && from !== null && 'provider' in from ? text(from.provider) : ''
}

/** What a client sent, where it sent a text at all. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
