import { createHash } from 'node:crypto'
import type { EgressResponse } from '@executor/egress'
import type { BuiltRequest } from './build-request.ts'
import { type DigestChallenge, parseDigestChallenges } from './challenge.ts'
import { answerChallenge, chooseChallenge, createCnonce, type DigestAccount } from './digest.ts'
import { headerText } from './response-headers.ts'

/** Nonces kept for the next call; the one that was used longest ago makes room. */
const NONCES_MAX = 1_000

interface Nonce {
  challenge: DigestChallenge
  count: number
}

type Send = (request: BuiltRequest) => Promise<EgressResponse>

/** HTTP Digest: asks for a challenge, answers it, and answers the next calls without asking. */
export interface DigestSessions {
  send(request: BuiltRequest, account: DigestAccount, send: Send): Promise<EgressResponse>
}

export function createDigestSessions(): DigestSessions {
  const nonces = new Map<string, Nonce>()

  function keep(key: string, challenge: DigestChallenge): Nonce {
    const nonce = { challenge, count: 0 }
    nonces.delete(key)
    nonces.set(key, nonce)
    const [oldest] = nonces.keys()
    if (nonces.size > NONCES_MAX && oldest !== undefined) nonces.delete(oldest)
    return nonce
  }

  return {
    async send(request, account, send) {
      const key = keyOf(request, account)
      const known = nonces.get(key)
      const first = await send(known ? authorize(request, account, known) : request)
      learn(first, known)
      const challenge = readChallenge(first)
      if (!challenge) return first
      // A second refusal of the same nonce is an answer: the account is wrong.
      if (known && !challenge.stale && challenge.nonce === known.challenge.nonce) return first
      const nonce = keep(key, challenge)
      const second = await send(authorize(request, account, nonce))
      learn(second, nonce)
      return second
    },
  }
}

/** Whoever has another password has another key: nonces may be bound to an account. */
function keyOf({ url }: BuiltRequest, { username, password }: DigestAccount): string {
  return createHash('sha256')
    .update(JSON.stringify([url.origin, username, password]))
    .digest('base64')
}

function authorize(request: BuiltRequest, account: DigestAccount, nonce: Nonce): BuiltRequest {
  nonce.count++
  const authorization = answerChallenge(nonce.challenge, account, {
    method: request.method,
    target: request.url.path,
    body: request.body,
    count: nonce.count,
    cnonce: createCnonce(),
  })
  return { ...request, headers: { ...request.headers, authorization } }
}

/** Only the server that was asked may challenge: not one it redirects to. */
function readChallenge(response: EgressResponse): DigestChallenge | null {
  if (response.status !== 401 || response.redirected) return null
  return chooseChallenge(parseDigestChallenges(headerText(response.headers, 'www-authenticate')))
}

/** A server may hand out the nonce of the next call with its answer (RFC 7616, 3.5). */
function learn({ headers }: EgressResponse, nonce: Nonce | undefined): void {
  const next = /nextnonce\s*=\s*"([\x20-\x21\x23-\x7e]{1,1024})"/i.exec(
    headerText(headers, 'authentication-info'),
  )?.[1]
  if (!nonce || next === undefined) return
  nonce.challenge = { ...nonce.challenge, nonce: next }
  nonce.count = 0
}
