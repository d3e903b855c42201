import { createHash, randomBytes } from 'node:crypto'
import type { DigestChallenge } from './challenge.ts'

/** Who answers a challenge. */
export interface DigestAccount {
  username: string
  password: string
}

export interface DigestRequest {
  method: string
  /** The request target, as it goes on the wire. */
  target: string
  body: string | Uint8Array | undefined
  /** How often this nonce was used, this time included. */
  count: number
  cnonce: string
}

/** The first that a challenge offers is taken; RFC 7616 wants the strongest first. */
const HASHES: Readonly<Record<string, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
}
const STRENGTH = Object.keys(HASHES)

/** The strongest challenge that can be answered; null where none can. */
export function chooseChallenge(challenges: readonly DigestChallenge[]): DigestChallenge | null {
  const known = challenges.filter(({ algorithm, qops }) => {
    const isAnswerable = qops.length === 0 || qops.includes('auth') || qops.includes('auth-int')
    return isAnswerable && STRENGTH.includes(baseOf(algorithm))
  })
  const strength = ({ algorithm }: DigestChallenge) => STRENGTH.indexOf(baseOf(algorithm))
  return known.sort((a, b) => strength(a) - strength(b))[0] ?? null
}

function baseOf(algorithm: string): string {
  return algorithm.replace(/-sess$/, '')
}

export function createCnonce(): string {
  return randomBytes(16).toString('base64url')
}

/** The value of the Authorization header (RFC 7616, 3.4). */
export function answerChallenge(
  challenge: DigestChallenge,
  { username, password }: DigestAccount,
  request: DigestRequest,
): string {
  const { algorithm, realm, nonce, opaque, userhash } = challenge
  const hash = hashWith(HASHES[baseOf(algorithm)] ?? 'md5')
  const { method, target, body = '', count, cnonce } = request
  const qop = qopOf(challenge)
  const nc = count.toString(16).padStart(8, '0')
  const secret = hash(`${username}:${realm}:${password}`)
  const a1 = algorithm.endsWith('-sess') ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const a2 = hash(qop === 'auth-int' ? `${method}:${target}:${hash(body)}` : `${method}:${target}`)
  const response = hash(
    qop === null ? `${a1}:${nonce}:${a2}` : `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`,
  )
  const fields = [
    userhash ? quoted('username', hash(`${username}:${realm}`)) : usernameField(username),
    quoted('realm', realm),
    quoted('nonce', nonce),
    quoted('uri', target),
    quoted('response', response),
    `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [quoted('opaque', opaque)]),
    ...(qop === null ? [] : [`qop=${qop}`, `nc=${nc}`, quoted('cnonce', cnonce)]),
    ...(userhash ? ['userhash=true'] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

/** Null for servers from before RFC 2617, which know no qop. */
function qopOf({ qops }: DigestChallenge): 'auth' | 'auth-int' | null {
  if (qops.length === 0) return null
  return qops.includes('auth') ? 'auth' : 'auth-int'
}

function hashWith(name: string): (text: string | Uint8Array) => string {
  return (text) => createHash(name).update(text).digest('hex')
}

/** Beyond ASCII the name has a notation of its own (RFC 5987). */
function usernameField(username: string): string {
  return /^[\x20-\x7e]*$/.test(username)
    ? quoted('username', username)
    : `username*=UTF-8''${encodeURIComponent(username).replace(/['()*]/g, toPercent)}`
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function quoted(name: string, value: string): string {
  return `${name}="${value.replace(/[\\"]/g, '\\$&')}"`
}
