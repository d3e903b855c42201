import type { OauthClientAuth, Secret } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import type { OauthClientRow } from './client.ts'
import { readPrivateKey } from './private-key.ts'

/** In the order in which they are tried where nobody said what a server takes. */
const WITH_SECRET = ['client_secret_post', 'client_secret_basic'] as const

/** How a client may prove who it is: one way, or several that are to be tried. */
export function authMethodsOf(
  { authMethod, secretItemId }: Pick<OauthClientRow, 'authMethod' | 'secretItemId'>,
  supported: readonly string[] | undefined,
): readonly OauthClientAuth[] {
  if (authMethod !== 'auto') return [authMethod]
  if (secretItemId === null) return ['none']
  const known = WITH_SECRET.filter((method) => supported?.includes(method))
  return known.length > 0 ? known.slice(-1) : WITH_SECRET
}

/** What of a registration is asked for, and comes when a server does not say. */
export function registrationAuth(supported: readonly string[] | undefined): OauthClientAuth {
  const order = ['none', 'client_secret_basic', 'client_secret_post'] as const
  return order.find((method) => supported?.includes(method)) ?? 'client_secret_basic'
}

export async function toClientAuth(
  method: OauthClientAuth,
  secret: Secret | null,
  audience: string,
): Promise<oauth.ClientAuth> {
  const value = secret?.reveal() ?? ''
  switch (method) {
    case 'none':
      return oauth.None()
    case 'client_secret_post':
      return oauth.ClientSecretPost(value)
    case 'client_secret_basic':
      return basic(value)
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt(await readPrivateKey(value), {
        [oauth.modifyAssertion]: (_header, payload) => {
          payload.aud = audience
        },
      })
  }
}

/**
 * RFC 6749 wants both halves form-encoded. Where that changes what nobody needs encoded (a hyphen), most
 * servers compare the encoded text: so it is left as it is.
 */
function basic(secret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const pair = `${encodeURIComponent(client.client_id)}:${encodeURIComponent(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}
