import type { RunOutcome } from '@executor/contracts'

/** Times that a client is asked the same thing, as long as what it says does not fit. */
const TIMES_MAX = 3

/** What a client was asked in one call, by interaction. */
export type Asked = ReadonlyMap<string, Attempt>

interface Attempt {
  times: number
  /** Why the last reply answered nothing. */
  problem?: string
}

export function askedOnce(ids: readonly string[]): Asked {
  return new Map(ids.map((id) => [id, { times: 1 }]))
}

export function isToBeAsked(asked: Asked, id: string): boolean {
  const attempt = asked.get(id)
  return !attempt || (attempt.problem !== undefined && attempt.times < TIMES_MAX)
}

/** A run that waits for more than its client could be brought to say, with why in its questions. */
export function explainProblems(outcome: RunOutcome, asked: Asked): RunOutcome {
  if (outcome.status !== 'waiting') return outcome
  const interactions = outcome.interactions.map((interaction) => {
    const problem = asked.get(interaction.id)?.problem
    if (problem === undefined) return interaction
    return { ...interaction, message: `${interaction.message}\n\n${problem}` }
  })
  return { ...outcome, interactions }
}
