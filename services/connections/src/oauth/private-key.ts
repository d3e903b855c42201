import { createPrivateKey, type KeyObject } from 'node:crypto'
import { ServiceError } from '@executor/contracts'
import type * as oauth from 'oauth4webapi'

const CURVES: Record<string, string> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

/** The key of a client that signs what it claims: PKCS #8 in PEM, or a JWK, whose `kid` is told. */
export async function readPrivateKey(text: string): Promise<oauth.PrivateKey> {
  const { key, kid } = parseKey(text)
  const algorithm = algorithmOf(key)
  const bytes = new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))
  const made = await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
  return { key: made, ...(kid === undefined ? {} : { kid }) }
}

function parseKey(text: string): { key: KeyObject; kid?: string } {
  try {
    if (!text.trimStart().startsWith('{')) return { key: createPrivateKey(text) }
    const jwk = JSON.parse(text) as Record<string, unknown>
    const key = createPrivateKey({ key: jwk, format: 'jwk' })
    return typeof jwk.kid === 'string' ? { key, kid: jwk.kid } : { key }
  } catch {
    // What it says of the key is nothing to show.
    throw unusable()
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' }
  const namedCurve = CURVES[asymmetricKeyDetails?.namedCurve ?? '']
  if (asymmetricKeyType === 'ec' && namedCurve) return { name: 'ECDSA', namedCurve }
  throw unusable()
}

function unusable(): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'oauth_client_invalid',
    'The private key cannot be read: give an RSA, EC or Ed25519 key as PKCS #8 in PEM, or as a JWK.',
  )
}
