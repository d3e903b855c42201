import type { Bus } from '@executor/bus'
import {
  catalog,
  connections,
  type Decision,
  findAddress,
  type IntegrationSettings,
  isServiceError,
  type LocatedTool,
  type OperationDetail,
  policy,
  type ResolvedCredential,
  ServiceError,
  type ToolRef,
  toDefaultAction,
} from '@executor/contracts'
import { BoundedCache } from '../bounded-cache.ts'
import type { Protocols } from '../protocols/protocol.ts'
import { askAhead } from './ahead.ts'
import { toToolError } from './failure.ts'
import { createLeases } from './leases.ts'
import { assertAsReviewed } from './pinned.ts'
import { type SendDeps, sendCall } from './send-call.ts'
import {
  type CallableTool,
  type CallOptions,
  failureAnswer,
  type ToolFamily,
  toolNotFound,
} from './tool.ts'

interface IntegrationDeps extends SendDeps {
  protocols: Protocols
  /** How long what a service told holds, in milliseconds; 0 where asking costs nothing. */
  leaseMs: number
}

/** Characters of operations, with their definitions, that are kept ready to be called. */
const OPERATIONS_CHARS_MAX = 8_000_000
const SETTINGS_MAX = 500
/** Tools that are remembered as let through, or not, when they were last called. */
const PASSED_MAX = 5_000
/** Milliseconds for which an answer that was asked for ahead counts as of now. */
const AHEAD_MS_MAX = 2_000

/** The tools of integrations: a connection × an operation, sent by the integration's kind. */
export function integrationTools(deps: IntegrationDeps): ToolFamily {
  const { bus } = deps
  const operations = new BoundedCache<OperationDetail>(
    OPERATIONS_CHARS_MAX,
    (detail) => JSON.stringify(detail).length,
  )
  const settings = new BoundedCache<IntegrationSettings>(SETTINGS_MAX)
  const passed = new BoundedCache<boolean>(PASSED_MAX)
  const places = createLeases<LocatedTool>(deps.leaseMs)
  const rulings = createLeases<Decision>(deps.leaseMs)
  const credentials = createLeases<ResolvedCredential>(deps.leaseMs)

  async function readOperation(
    { snapshot }: LocatedTool,
    tool: string,
    options: CallOptions,
  ): Promise<OperationDetail> {
    const key = `${options.principal.tenant}/${snapshot}/${tool}`
    const known = operations.find(key)
    if (known) return known
    const detail = await bus.request(catalog.readOperation, { snapshot, tool }, options)
    operations.set(key, detail)
    return detail
  }

  async function readSettings(
    { integration: slug, revision }: LocatedTool,
    options: CallOptions,
  ): Promise<IntegrationSettings> {
    const key = (at: string) => `${options.principal.tenant}/${slug}/${at}`
    const known = settings.find(key(revision))
    if (known) return known
    const read = await bus.request(catalog.getIntegrationSettings, { slug }, options)
    settings.set(key(read.revision), read)
    return read
  }

  /** A question that several calls share goes on when one of them is given up. */
  function ofAll({ principal, signal }: CallOptions) {
    return deps.leaseMs === 0 ? { principal, signal } : { principal }
  }

  function resolve(ref: ToolRef, options: CallOptions): Promise<ResolvedCredential> {
    const { owner, integration, connection: name } = ref
    const ask = () =>
      bus.request(connections.resolveCredential, { owner, integration, name }, ofAll(options))
    return credentials.take(accountKey(ref, options), ask, options.signal)
  }

  async function locate(ref: ToolRef, options: CallOptions) {
    const ask = () => bus.request(catalog.locateTool, ref, ofAll(options))
    const located = await places.take(accountKey(ref, options), ask, options.signal)
    assertAsReviewed(located, ref.tool)
    const [detail, ofIntegration] = await Promise.all([
      readOperation(located, ref.tool, options),
      readSettings(located, options),
    ])
    const protocol = deps.protocols.get(located.kind)
    if (!protocol) throw kindUnknown(located.kind)
    return { detail, settings: ofIntegration, protocol }
  }

  return {
    owns: () => true,
    async find(path, args, options) {
      const ref = findAddress(path)
      if (!ref) return { failure: toolNotFound(path, await suggest(bus, path, options)) }
      const { principal } = options
      const caller = JSON.stringify([principal.tenant, principal.subject, path])
      // None of the three questions needs another's answer. What rules say of a path holds whatever
      // the operation asks for without them. A credential is asked for ahead only where the call will
      // most likely be let through, as it was the last time.
      const rule = () =>
        bus.request(policy.decide, { path, requiresApproval: false }, ofAll(options))
      const ruling = askAhead(() => rulings.take(caller, rule, options.signal), AHEAD_MS_MAX)
      const credential = passed.find(caller)
        ? askAhead(() => resolve(ref, options), AHEAD_MS_MAX)
        : null
      try {
        const { detail, settings: ofIntegration, protocol } = await locate(ref, options)
        const prepared = protocol.prepare(detail, args)
        if ('failure' in prepared) return prepared
        const { annotations } = detail.operation
        return {
          path,
          readOnly: annotations.readOnly,
          requiresApproval: annotations.requiresApproval,
          alwaysAsksAgents: false,
          async decide() {
            const decision = await ruling()
            const { source } = decision
            const action =
              source === 'plugin-default'
                ? toDefaultAction(annotations.requiresApproval)
                : decision.action
            passed.set(caller, action === 'approve')
            return { ...decision, action }
          },
          summary: annotations.approvalDescription ?? detail.operation.summary ?? path,
          async send(sendOptions, asker) {
            const takeCredential = credential ?? (() => resolve(ref, sendOptions))
            const call = { ref, path, detail, settings: ofIntegration, protocol, takeCredential }
            try {
              return await sendCall(deps, { ...call, args: prepared.args }, sendOptions, asker)
            } catch (error) {
              if (!isServiceError(error) || error.code !== 'not_found') throw error
              return failureAnswer(toolNotFound(path, await suggest(bus, path, sendOptions)))
            }
          },
        } satisfies CallableTool
      } catch (error) {
        if (!isServiceError(error)) throw error
        if (error.code !== 'not_found') return { failure: toToolError(error) }
        return { failure: toolNotFound(path, await suggest(bus, path, options)) }
      }
    },
  }
}

/** Whose account of which integration: what is private to one subject is told to nobody else. */
function accountKey(
  { integration, owner, connection }: ToolRef,
  { principal: { tenant, subject } }: CallOptions,
): string {
  return JSON.stringify([tenant, subject, integration, owner, connection])
}

/** Suggestions are a courtesy: failing to make them must not hide the failure they go with. */
async function suggest(
  bus: Bus,
  address: string,
  { principal, signal }: CallOptions,
): Promise<string[]> {
  try {
    return await bus.request(catalog.suggestTools, { address }, { principal, signal })
  } catch (error) {
    if (isServiceError(error)) return []
    throw error
  }
}

function kindUnknown(kind: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'kind_unknown',
    `Integrations of kind "${kind}" cannot be called by this version.`,
  )
}
