import type { Decision, Rule } from '@executor/contracts'

const OWNER = { org: "The organization's rule", user: 'Your own rule' } as const
const ACTION = {
  approve: 'lets it run',
  require_approval: 'asks for approval',
  block: 'blocks it',
} as const

/** Which rule decided, and why, in words for the person who wonders. */
export function explainDecision({
  decision: { rule },
  matches,
  path,
  requiresApproval,
}: {
  decision: Decision
  matches: readonly Rule[]
  path: string
  requiresApproval: boolean
}): string {
  if (!rule) return explainDefault(path, requiresApproval)
  const verdict = `${toSentence(rule)}, as the first of ${rule.owner === 'org' ? "the organization's" : 'your own'} rules that matches ${path}.`
  const other = matches.find(({ id }) => id !== rule.id)
  if (!other) return `${verdict} Where a rule matches, the operation's own default does not count.`
  if (other.action === rule.action)
    return `${verdict} ${OWNER[other.owner]} "${other.pattern}" says the same.`
  return `${verdict} ${toSentence(other)}, but the stricter of the two holds.`
}

function explainDefault(path: string, requiresApproval: boolean): string {
  const outcome = requiresApproval
    ? 'The operation itself asks for approval'
    : 'The operation itself asks for no approval, so it runs'
  return `No rule matches ${path}. ${outcome}.`
}

function toSentence({ owner, pattern, action }: Rule): string {
  return `${OWNER[owner]} "${pattern}" ${ACTION[action]}`
}
