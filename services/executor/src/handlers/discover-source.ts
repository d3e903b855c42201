import type { Handler, RequestOptions } from '@executor/bus'
import { connections, type executor, NO_AUTH_TEMPLATE, ServiceError } from '@executor/contracts'
import type { Access } from '../protocols/protocol.ts'
import type { HandlerDeps } from '../runs/engine.ts'

/** What is said of an account that does not exist yet. */
const UNSAVED = { owner: 'org', name: 'new' } as const

/** Asks an upstream what it offers, as one of its accounts or as a stranger. */
export function discoverSource({
  bus,
  egress,
  protocols,
}: HandlerDeps): Handler<typeof executor.discoverSource> {
  return async ({ kind, stored, authMethods, config, account }, { principal, signal }) => {
    const protocol = protocols.get(kind)
    if (!protocol?.discover) {
      throw new ServiceError(
        'invalid_argument',
        'kind_unknown',
        `Integrations of kind "${kind.slice(0, 100)}" tell nothing of themselves.`,
      )
    }
    const { slug, revision } = stored ?? { slug: 'new', revision: '' }
    const entry = stored && account ? await enter(stored.slug, account) : STRANGER
    const settings = { slug, kind, revision, authMethods, config }
    return protocol.discover({ settings, ...entry, signal, egress })

    async function enter(
      integration: string,
      { owner, name }: { owner: 'org' | 'user'; name: string },
    ): Promise<Pick<Access, 'connection' | 'credential' | 'account'>> {
      const options: RequestOptions = { principal, signal }
      const key = { owner, integration, name }
      const credential = await bus.request(connections.resolveCredential, key, options)
      const { tenant } = principal
      const subject = owner === 'user' ? principal.subject : ''
      const { revision: of } = credential
      return { connection: { owner, name }, credential, account: { tenant, subject, revision: of } }
    }
  }
}

const STRANGER: Pick<Access, 'connection' | 'credential'> = {
  connection: UNSAVED,
  credential: { template: NO_AUTH_TEMPLATE, values: {} },
}
