import type { Handler } from '@executor/bus'
import { type policy, ServiceError, toDefaultAction } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { explainDecision } from '../explanation.ts'

const ROOT = 'tools.'

export function explain({ store }: Pick<HandlerDeps, 'store'>): Handler<typeof policy.explain> {
  return async ({ address, requiresApproval }, { principal }) => {
    const path = toPath(address)
    const { decider } = await store.rulesFor(principal.tenant, principal.subject)
    const decision = decider.decide(path, requiresApproval)
    const matches = decider.match(path)
    return {
      ...decision,
      path,
      matches,
      defaultAction: toDefaultAction(requiresApproval),
      reason: explainDecision({ decision, matches, path, requiresApproval }),
    }
  }
}

/** Static addresses have parts of their own, so that only the root is known here. */
function toPath(address: string): string {
  const path = address.startsWith(ROOT) ? address.slice(ROOT.length) : address
  if (path !== '') return path
  throw new ServiceError(
    'invalid_argument',
    'address_invalid',
    'Name the tool to explain: <integration>.<org|user>.<connection>.<tool>.',
  )
}
