import type { Handler } from '@executor/bus'
import type { connections, Principal, Secret } from '@executor/contracts'
import { toWritablePartition } from '../access.ts'
import { getAuthMethod } from '../auth-method.ts'
import { type Partition, toConnection } from '../connection.ts'
import { connectionIdentifier } from '../connection-name.ts'
import { type GivenCredential, parseCredential } from '../credential-input.ts'
import type { HandlerDeps } from '../deps.ts'
import { getLinkedValue } from '../linked-value.ts'
import { saveConnection, type Values } from '../save-connection.ts'

export function createConnection(deps: HandlerDeps): Handler<typeof connections.createConnection> {
  return async (input, { principal, signal }) => {
    const partition = toWritablePartition(principal, input.owner)
    const method = await getAuthMethod(deps, input, { principal, signal })
    const given = parseCredential(method, input)
    const { integration, template, identityLabel, description } = input
    const row = await saveConnection(deps, {
      ...partition,
      integration,
      name: connectionIdentifier(input.name),
      template,
      values: await toValues(deps, given, { principal, partition }),
      identityLabel,
      description,
    })
    return toConnection(row)
  }
}

async function toValues(
  { providers }: HandlerDeps,
  given: GivenCredential,
  asking: { principal: Principal; partition: Partition },
): Promise<Values> {
  if (given.kind === 'none') return { kind: 'written', values: new Map<string, Secret>() }
  if (given.kind === 'pasted') return { kind: 'written', values: given.values }
  // Looked up so that a wrong id fails here and not at somebody's call.
  await getLinkedValue(providers, given, asking)
  const { provider, variable, id } = given
  return { kind: 'linked', provider, itemIds: { [variable]: id } }
}
