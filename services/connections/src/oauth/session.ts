import { hash, randomBytes } from 'node:crypto'
import type { Partition } from '../connection.ts'
import type { KnownServer } from './known-server.ts'

/** Milliseconds a person has to sign in. */
export const SESSION_MS = 15 * 60_000
/** Milliseconds for which it is told what came of it. */
export const OUTCOME_MS = 10 * 60_000

const STATE_BYTES = 32

/** `taken`: its answer is there, and being exchanged for tokens. */
export type SessionStatus = 'pending' | 'taken' | 'connected' | 'failed'

/** One sign-in. */
export interface OauthSessionRow extends Partition {
  id: string
  stateHash: string
  /** Who began it. */
  startedBy: string
  integration: string
  name: string
  template: string
  identityLabel: string | null
  description: string | null
  clientId: string
  redirectUri: string
  provider: string
  verifierItemId: string
  scope: string | null
  resource: string | null
  /** As it was when the sign-in began: what comes back is measured by that. */
  server: KnownServer
  status: SessionStatus
  failureReason: string | null
  failureMessage: string | null
  expiresAt: number
  createdAt: number
}

/** What became of it. */
export type SessionEnd =
  | { status: 'connected' }
  | { status: 'failed'; failureReason: string; failureMessage: string }

/** The sessions table, as the domain needs it. */
export interface OauthSessionRows {
  insertOauthSession(row: OauthSessionRow): Promise<void>
  findOauthSession(stateHash: string): Promise<OauthSessionRow | null>
  /** False when somebody was quicker: an answer is used once. */
  takeOauthSession(id: string): Promise<boolean>
  endOauthSession(id: string, end: SessionEnd, expiresAt: number): Promise<void>
  removeOauthSession(id: string): Promise<boolean>
  /** Removes those that are over, up to `limit`, and answers them. */
  takeExpiredOauthSessions(now: number, limit: number): Promise<OauthSessionRow[]>
}

/** What travels through the browser and comes back: it cannot be guessed, and is not kept. */
export function createState(): string {
  return randomBytes(STATE_BYTES).toString('base64url')
}

export function hashState(state: string): string {
  return hash('sha256', state, 'base64url')
}
