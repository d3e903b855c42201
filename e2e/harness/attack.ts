import type { Interaction } from '@executor/contracts'
import type { Form } from './form.ts'

/** What an attacker knows: everything that an agent can read. */
export interface Target {
  form: Form
  /** An agent's own run, waiting for a person. */
  runId: string
  question: Interaction
  /** What a person answered before, in another run. */
  old: Interaction
}
export type Attack = (target: Target) => Promise<unknown>

/** The write that nobody but a person may let pass. */
export const GUARDED = `return (await tools.ledger.org.main.gated.write({ body: { label: 'guarded' } })).ok`

export const asAgent = ({ agentToken }: Form) => ({ token: agentToken })

/** `resume` waits for a person for minutes; an attack has made its point long before. */
export function withinSeconds(work: Promise<unknown>): Promise<unknown> {
  const patience = new Promise((resolve) => setTimeout(resolve, 1_500).unref())
  return Promise.race([work, patience])
}
