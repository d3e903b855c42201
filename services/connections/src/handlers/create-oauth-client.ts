import type { Handler } from '@executor/bus'
import { type connections, type ParsedInput, Secret, ServiceError } from '@executor/contracts'
import { toWritablePartition } from '../access.ts'
import type { HandlerDeps } from '../deps.ts'
import { type OauthClientRow, toOauthClient } from '../oauth/client.ts'
import { removeClientSecret, writeClientSecret } from '../oauth/client-secret.ts'
import { assertEndpointUrl } from '../oauth/endpoint-url.ts'
import { readPrivateKey } from '../oauth/private-key.ts'

type Given = ParsedInput<typeof connections.createOauthClient>

/** Others that save the same client at the same moment. */
const ATTEMPTS_MAX = 8

export function createOauthClient(
  deps: HandlerDeps,
): Handler<typeof connections.createOauthClient> {
  const { store, providers, clock, newId } = deps
  return async (input, { principal }) => {
    const partition = toWritablePartition(principal, input.owner)
    await assertUsable(deps, input)
    const key = { ...partition, slug: input.slug }
    const secret = input.clientSecret ? new Secret(input.clientSecret) : null
    const held = await writeClientSecret(providers, key, secret, newId())
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const replaced = await store.findOauthClient(key)
      const row = { ...toRow(input, replaced, { id: newId(), now: clock() }), ...key, ...held }
      const isSaved = replaced
        ? await store.replaceOauthClient(row, replaced)
        : await store.insertOauthClient(row)
      if (!isSaved) continue
      if (replaced) await removeClientSecret(providers, replaced)
      return toOauthClient(row)
    }
    await removeClientSecret(providers, { ...key, ...held })
    throw new ServiceError(
      'unavailable',
      'oauth_client_busy',
      `The OAuth app "${input.slug}" is being changed by others. Try again.`,
    )
  }
}

async function assertUsable({ allowLocalNetwork: access }: HandlerDeps, input: Given) {
  const { grant, authorizationUrl, tokenUrl, clientSecret, tokenEndpointAuthMethod } = input
  assertEndpointUrl(tokenUrl, 'token URL', access)
  if (authorizationUrl) assertEndpointUrl(authorizationUrl, 'authorization URL', access)
  else if (grant === 'authorization_code') throw invalid('It needs the URL where people sign in.')
  const isPublic = tokenEndpointAuthMethod === 'none' || !clientSecret
  if (grant === 'client_credentials' && isPublic)
    throw invalid('A program that signs in by itself needs a secret or a private key.')
  if (tokenEndpointAuthMethod && (tokenEndpointAuthMethod === 'none') !== !clientSecret)
    throw invalid(`The method ${tokenEndpointAuthMethod} and the secret do not fit together.`)
  if (tokenEndpointAuthMethod === 'private_key_jwt') await readPrivateKey(clientSecret ?? '')
}

type Kept = Omit<
  OauthClientRow,
  'tenant' | 'owner' | 'subject' | 'slug' | 'secretProvider' | 'secretItemId'
>

function toRow(
  input: Given,
  replaced: OauthClientRow | null,
  { id, now }: { id: string; now: number },
): Kept {
  const { grant, clientId, tokenUrl, authorizationUrl = '', issuer, resource } = input
  return {
    id: replaced?.id ?? id,
    grant,
    clientId,
    authMethod: input.tokenEndpointAuthMethod ?? 'auto',
    authorizationUrl,
    tokenUrl,
    revocationUrl: null,
    issuer: issuer ?? null,
    resource: resource ?? null,
    redirectUri: null,
    originKind: 'manual',
    originIntegration: input.originIntegration ?? null,
    createdAt: replaced?.createdAt ?? now,
    // Two saves within a millisecond are two.
    updatedAt: Math.max(now, (replaced?.updatedAt ?? 0) + 1),
  }
}

function invalid(fault: string): ServiceError {
  return new ServiceError('invalid_argument', 'oauth_client_invalid', fault)
}
