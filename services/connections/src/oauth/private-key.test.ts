import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readPrivateKey } from './private-key.ts'

const PEM = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey

describe('readPrivateKey', () => {
  it.each([
    ['RSA', rsa, 'RSASSA-PKCS1-v1_5'],
    ['EC', ec, 'ECDSA'],
    ['Ed25519', ed, 'Ed25519'],
  ])('reads a key of %s as PEM and as JWK', async (_, key, name) => {
    const jwk = JSON.stringify({ ...key.export({ format: 'jwk' }), kid: 'k1' })

    const ofPem = await readPrivateKey(key.export(PEM.privateKeyEncoding).toString())
    const ofJwk = await readPrivateKey(jwk)

    expect(ofPem).toMatchObject({ key: { algorithm: { name }, extractable: false } })
    expect(ofJwk).toMatchObject({ kid: 'k1', key: { algorithm: { name } } })
  })

  it.each(['', 'not a key', '{"kty":"oct","k":"c2VjcmV0"}'])(
    'refuses %j and repeats none of it',
    async (text) => {
      await expect(readPrivateKey(text)).rejects.toMatchObject({
        reason: 'oauth_client_invalid',
        message: expect.not.stringContaining('c2VjcmV0'),
      })
    },
  )
})
