import type { Question } from '../protocol.ts'

/** What a server may tell without being asked. */
export interface ServerNews {
  onToolsChanged(): void
  onLog(message: { level: string; logger?: string | undefined; data: unknown }): void
  /** It asked something while so many calls were under way, and it could not be told for whom. */
  onNobodyAsked(kind: Question['kind'], calls: number): void
  onError(error: Error): void
}
