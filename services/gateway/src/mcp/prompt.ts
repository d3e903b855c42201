import { type Interaction, isCorePath } from '@executor/contracts'
import type { AnswerMode } from '../executions/answer-mode.ts'
import type { Abilities } from './abilities.ts'
import type { Asked } from './asked.ts'
import type { JsonObject } from './messages.ts'

/**
 * What a client is asked. `link`: to let its user open the approval page, which answers nothing by
 * itself. `question`: what its user answers for. `model`: what its model says.
 */
export interface Prompt {
  kind: 'link' | 'question' | 'model'
  interactionId: string
  /** Of what is shown: the answer counts for nothing else. */
  digest: string
  /** How many times this is asked by now. */
  times: number
  method: 'elicitation/create' | 'sampling/createMessage'
  params: JsonObject
}

const NOTHING_TO_FILL_IN = { type: 'object', properties: {} }

interface Asking {
  mode: AnswerMode
  abilities: Abilities
  approvalUrl: string
  asked: Asked
}

/** How a question is put to this client; null where it cannot be. */
export function toPrompt(
  interaction: Interaction,
  { mode, abilities, approvalUrl, asked }: Asking,
): Prompt | null {
  const { kind, id: interactionId, digest, url, requestedSchema, request } = interaction
  const { times, problem } = asked.get(interactionId) ?? { times: 0 }
  const message =
    problem === undefined ? interaction.message : `${problem}\n\n${interaction.message}`
  const about = { interactionId, digest, times: times + 1 }
  if (kind === 'sampling') {
    if (!abilities.sampling) return null
    return {
      ...about,
      kind: 'model',
      method: 'sampling/createMessage',
      params: request as JsonObject,
    }
  }
  if (mode === 'model') return null
  const method = 'elicitation/create' as const
  const link = (target: string, text: string): JsonObject => ({
    mode: 'url',
    message: text,
    url: target,
    elicitationId: interactionId,
  })
  // Our own tools have the rights of whoever approves them, and what comes through a client has an agent's.
  const isPersonOnly = kind === 'approval' && isCorePath(interaction.address)
  if (mode === 'browser' || isPersonOnly) {
    if (!abilities.url) return null
    const params = link(approvalUrl, `${message}\n\nAnswer on the page behind this link.`)
    return { ...about, kind: 'link', method, params }
  }
  if (url !== undefined && abilities.url)
    return { ...about, kind: 'question', method, params: link(url, message) }
  if (!abilities.form) return null
  const form = {
    mode: 'form',
    message: url === undefined ? message : `${message}\n\nOpen ${url} and confirm here.`,
    requestedSchema: requestedSchema ?? NOTHING_TO_FILL_IN,
  }
  return { ...about, kind: 'question', method, params: form }
}
