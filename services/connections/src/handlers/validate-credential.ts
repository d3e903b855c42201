import type { Handler } from '@executor/bus'
import type { connections, Principal, Secret } from '@executor/contracts'
import { toPartition } from '../access.ts'
import { getAuthMethod } from '../auth-method.ts'
import type { Partition } from '../connection.ts'
import { type GivenCredential, parseCredential } from '../credential-input.ts'
import type { HandlerDeps } from '../deps.ts'
import { getLinkedValue } from '../linked-value.ts'
import { probe } from '../probe.ts'

export function validateCredential(
  deps: HandlerDeps,
): Handler<typeof connections.validateCredential> {
  return async (input, { principal, signal }) => {
    const partition = toPartition(principal, input.owner)
    const method = await getAuthMethod(deps, input, { principal, signal })
    const given = parseCredential(method, input)
    const { owner, integration, template, spec } = input
    const values = await toValues(deps, given, { principal, partition })
    return probe(deps, { owner, integration, template, values, spec }, { principal, signal })
  }
}

async function toValues(
  { providers }: HandlerDeps,
  given: GivenCredential,
  asking: { principal: Principal; partition: Partition },
): Promise<ReadonlyMap<string, Secret>> {
  if (given.kind === 'none') return new Map()
  if (given.kind === 'pasted') return given.values
  return new Map([[given.variable, await getLinkedValue(providers, given, asking)]])
}
