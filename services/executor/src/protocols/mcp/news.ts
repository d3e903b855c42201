import type { Bus } from '@executor/bus'
import { upstreamChanged } from '@executor/contracts'
import type { UpstreamLog } from '../protocol.ts'
import type { SessionAccount } from './account.ts'
import type { PoolNews } from './pool-news.ts'

const DATA_CHARS_MAX = 4_000

/** What servers tell of themselves: to whoever keeps their tools, and to our log. */
export function createNews(bus: Bus, log: UpstreamLog): PoolNews {
  return {
    onToolsChanged({ tenant, integration, owner, subject, connection }) {
      bus.publish(upstreamChanged, { tenant, integration, owner, subject, connection })
    },
    onLog(account, { level, logger, data }) {
      const said = data.slice(0, DATA_CHARS_MAX)
      log.debug({ ...whose(account), level, logger, said }, 'an mcp server logs')
    },
    onNobodyAsked(account, kind, calls) {
      const fields = { ...whose(account), kind, calls }
      log.warn(fields, 'an mcp server asked something, and it could not be told on whose behalf')
    },
    onError: (account, error) =>
      log.debug({ ...whose(account), error }, 'an mcp session complains'),
  }
}

function whose(account: SessionAccount | null): object {
  if (!account) return {}
  const { tenant, integration, owner, connection } = account
  return { tenant, integration, owner, connection }
}
