import { createHash } from 'node:crypto'
import { SizedCache } from './lru.ts'

/** As far as an answer depends on it: snapshots never change. */
interface Place {
  path: string
  snapshot: string
}

export interface KeptAnswer {
  bytes: Uint8Array
  /** How many accounts were looked at until the page was full; null where the list ended first. */
  looked: number | null
}

/**
 * Keeps answers to questions about a list of accounts. One holds for as long as the accounts that it
 * was made of are the same, so that finding a page costs what is on it, not what the list has.
 */
export interface KeptAnswers {
  find(question: string, accounts: readonly Place[]): Uint8Array | null
  keep(question: string, accounts: readonly Place[], answer: KeptAnswer): void
}

export function createKeptAnswers(bytesMax: number): KeptAnswers {
  const answers = new SizedCache<KeptAnswer & { places: string[] }>(bytesMax)
  return {
    find(question, accounts) {
      const answer = answers.find(toKey(question))
      if (!answer) return null
      const { bytes, looked, places } = answer
      if (looked === null ? accounts.length !== places.length : accounts.length < looked)
        return null
      return places.every((place, at) => place === toPlace(accounts[at])) ? bytes : null
    },
    keep(question, accounts, { bytes, looked }) {
      const places = accounts.slice(0, looked ?? accounts.length).map(toPlace)
      const size = places.reduce((sum, place) => sum + place.length, bytes.length)
      answers.set(toKey(question), { bytes, looked, places }, size)
    },
  }
}

/** Short, for it may hold every rule. */
function toKey(question: string): string {
  return createHash('sha256').update(question).digest('base64url')
}

function toPlace(account: Place | undefined): string {
  return account ? `${account.path} ${account.snapshot}` : ''
}
