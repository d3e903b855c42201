import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, McpSubscription } from '@modelcontextprotocol/client'
import type { ServerNews } from './server-news.ts'

/** Milliseconds in which changes that follow each other are told as one. */
const CHANGES_MS = 1_000
/** Milliseconds a server has to say that it will tell of changes. */
const LISTEN_MS = 10_000
/** Milliseconds before a stream that broke off is opened again, doubled each time. */
const AGAIN_MS = 1_000
const AGAIN_MS_MAX = 60_000
/** Milliseconds a stream stays open before it counts as one that works. */
const STABLE_MS = 60_000
/** Streams in a row that came to nothing; lists are asked for again sooner or later anyway. */
const FAILURES_MAX = 8

/**
 * Hears what a server tells of its list of tools, until the signal says that its session is over. It
 * tells without being asked, or on a stream that somebody opened, as its revision has it.
 */
export function followTools(client: Client, news: ServerNews, over: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined
  const onChanged = () => {
    clearTimeout(timer)
    timer = setTimeout(news.onToolsChanged, CHANGES_MS).unref()
  }
  over.addEventListener('abort', () => clearTimeout(timer), { once: true })
  client.setNotificationHandler('notifications/tools/list_changed', onChanged)
  const isTold = client.getServerCapabilities()?.tools?.listChanged === true
  if (isTold && client.getProtocolEra() === 'modern')
    void keepListening(client, { onChanged, onError: news.onError }, over)
}

interface Heard {
  onChanged(): void
  onError(error: Error): void
}

async function keepListening(client: Client, heard: Heard, over: AbortSignal): Promise<void> {
  let failures = 0
  let isFirst = true
  while (failures < FAILURES_MAX && !over.aborted) {
    const subscription = await listen(client, heard, over)
    const since = Date.now()
    if (subscription) {
      if (!subscription.honoredFilter.toolsListChanged) return
      // Nobody listened for a while.
      if (!isFirst) heard.onChanged()
      isFirst = false
      await subscription.closed
    }
    failures = Date.now() - since < STABLE_MS ? failures + 1 : 1
    const waitMs = Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MS_MAX)
    await sleep(waitMs, undefined, { signal: over, ref: false }).catch(() => {})
  }
}

async function listen(
  client: Client,
  { onError }: Heard,
  signal: AbortSignal,
): Promise<McpSubscription | null> {
  try {
    return await client.listen({ toolsListChanged: true }, { timeout: LISTEN_MS, signal })
  } catch (error) {
    if (!signal.aborted) onError(error instanceof Error ? error : new Error(String(error)))
    return null
  }
}
