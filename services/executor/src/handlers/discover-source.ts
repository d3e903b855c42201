import type { Handler, RequestOptions } from '@executor/bus'
import { connections, type executor, NO_AUTH_TEMPLATE, ServiceError } from '@executor/contracts'
import type { Access } from '../protocols/protocol.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { isToken } from '../tools/send-call.ts'

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
    const settings = { slug, kind, revision, authMethods, config }
    const ask = (entry: Entry) => protocol.discover?.({ settings, ...entry, signal, egress })
    if (!stored || !account) return ask(STRANGER)
    const entry = await enter(stored.slug, account)
    const told = await ask(entry)
    if (!isRefused(told) || !isToken({ authMethods }, entry.credential)) return told
    const other = await enter(stored.slug, account, entry.revision)
    return other.revision === entry.revision ? told : ask(other)

    async function enter(
      integration: string,
      { owner, name }: { owner: 'org' | 'user'; name: string },
      refused?: string,
    ): Promise<Entry & { revision: string }> {
      const options: RequestOptions = { principal, signal }
      const key = { owner, integration, name, ...(refused === undefined ? {} : { refused }) }
      const credential = await bus.request(connections.resolveCredential, key, options)
      const { tenant } = principal
      const subject = owner === 'user' ? principal.subject : ''
      const { revision, consent } = credential
      const account = { tenant, subject, consent }
      return { connection: { owner, name }, credential, account, revision }
    }
  }
}

type Entry = Pick<Access, 'connection' | 'credential' | 'account'>

/** HTTP's 401, as kinds tell it that ask servers. */
function isRefused(told: unknown): boolean {
  const { httpStatus } = (told ?? {}) as { httpStatus?: unknown }
  return httpStatus === 401
}

const STRANGER: Entry = {
  connection: UNSAVED,
  credential: { template: NO_AUTH_TEMPLATE, values: {} },
}
