import { createMask } from '../mask.ts'
import type { Question } from '../protocol.ts'
import type { SessionAccount } from './account.ts'
import type { ServerNews } from './server-news.ts'

/** What servers tell, without secrets. */
export interface PoolNews {
  onToolsChanged(account: SessionAccount): void
  onLog(account: SessionAccount | null, message: LogMessage): void
  onNobodyAsked(account: SessionAccount | null, kind: Question['kind'], calls: number): void
  onError(account: SessionAccount | null, message: string): void
}

interface LogMessage {
  level: string
  logger?: string | undefined
  /** JSON text. */
  data: string
}

/** One server's news: whose they are, and with its secrets of the moment taken out. */
export function toServerNews(
  news: PoolNews,
  own: SessionAccount | null,
  secrets: () => Parameters<typeof createMask>[0],
): ServerNews {
  const mask = () => createMask(secrets())
  return {
    onToolsChanged: () => own && news.onToolsChanged(own),
    onLog: ({ data, ...message }) =>
      news.onLog(own, { ...message, data: mask().json(JSON.stringify(data) ?? '') }),
    onNobodyAsked: (kind, calls) => news.onNobodyAsked(own, kind, calls),
    onError: (error) => news.onError(own, mask().bytes(Buffer.from(error.message)).toString()),
  }
}
