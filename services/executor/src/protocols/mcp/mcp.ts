import type { Bus, Subscription } from '@executor/bus'
import { failureAnswer } from '../answer.ts'
import { checkArguments } from '../arguments/check-arguments.ts'
import { credentialError } from '../authentication.ts'
import { createMask } from '../mask.ts'
import type { Protocol, ProtocolAnswer, ProtocolCall, UpstreamLog } from '../protocol.ts'
import { toAnswer } from './answer.ts'
import { checkServer } from './check.ts'
import { type McpCredential, renderMcpCredential } from './credential.ts'
import { discoverServer } from './discover.ts'
import { createExchange } from './exchange.ts'
import { toFailure } from './failure.ts'
import { followChanges } from './follow.ts'
import { isLostSession } from './lost-session.ts'
import { createManners } from './manners.ts'
import { createNews } from './news.ts'
import { bindingOf } from './plan.ts'
import { createPool, type Lease, type Pool, type PoolLimits } from './pool.ts'
import { sendOperation } from './request.ts'
import { visitRequiredUrls } from './required-urls.ts'
import { createWatchdog } from './stdio/watchdog.ts'
import { assertStdioAllowed } from './stdio-allowed.ts'
import { toToolError } from './tool-error.ts'

export interface McpOptions {
  bus: Bus
  log: UpstreamLog
  /** What every server that is started gets of our environment; null where none may be started. */
  stdioEnvironment: Readonly<Record<string, string>> | null
  limits?: PoolLimits
}

/** Calls the tools of MCP servers, and what else they offer. */
export function createMcp(options: McpOptions): Protocol {
  const { bus, log, stdioEnvironment: environment, limits } = options
  const watchdog = createWatchdog()
  const news = createNews(bus, log)
  let subscriptions: Subscription[] = []
  const pool = createPool({
    reach: { watchdog, environment, manners: createManners() },
    news,
    ...limits,
  })
  return {
    kind: 'mcp',

    prepare(detail, args) {
      try {
        bindingOf(detail.operation)
      } catch (error) {
        return { failure: toToolError(error) }
      }
      const failure = checkArguments(detail, args)
      return failure ? { failure } : { args }
    },

    async invoke(call) {
      const rendering = renderMcpCredential(call)
      if (!('credential' in rendering)) {
        const account = { ...call.connection, template: call.credential.template }
        return failureAnswer(credentialError(call.settings, account, rendering))
      }
      const { credential } = rendering
      const answer = await perform(pool, call, credential, environment)
      return { ...answer, json: createMask(credential.secrets).json(answer.json) }
    },

    discover: (access) => discoverServer(bus, pool, environment, access),
    check: (access) => checkServer(pool, environment, access),

    async open() {
      subscriptions = await followChanges(bus, pool, (err) =>
        log.error({ err }, 'mcp sessions could not be brought up to date'),
      )
    },

    async close() {
      await Promise.all(subscriptions.map((subscription) => subscription.drain()))
      await pool.close()
      watchdog.close()
    },
  }
}

/** How often one call may send a person elsewhere before it goes on. */
const ROUNDS_MAX = 3

async function perform(
  pool: Pool,
  call: ProtocolCall,
  credential: McpCredential,
  environment: McpOptions['stdioEnvironment'],
): Promise<ProtocolAnswer> {
  const mayRepeat = call.operation.annotations.readOnly
  const isTool = bindingOf(call.operation).method === 'tools/call'
  let isSecond = false
  for (let rounds = 0; ; rounds++) {
    const exchange = createExchange(credential)
    let lease: Lease | undefined
    try {
      assertStdioAllowed(call.settings, environment)
      lease = await pool.lease(call, credential, 'call')
      const result = await sendOperation(lease.session, call, exchange)
      return toAnswer(result, call.operation)
    } catch (error) {
      const session = lease ? { session: lease.session } : {}
      const failed = { access: call, error, exchange, mayRepeat, isTool, ...session }
      if (lease && isLostSession(failed)) {
        lease.drop()
        // A session that was just opened is lost for a reason; any other may have outlived its server.
        const isSafe = mayRepeat || !exchange.sent || exchange.refusal !== undefined
        if (!isSecond && !lease.isFresh && isSafe && !call.signal.aborted) {
          isSecond = true
          continue
        }
      }
      if (rounds < ROUNDS_MAX && (await visitRequiredUrls(error, call))) continue
      const { error: failure, outcomeUnknown } = toFailure(failed)
      return failureAnswer(failure, { outcomeUnknown })
    } finally {
      lease?.release()
    }
  }
}
