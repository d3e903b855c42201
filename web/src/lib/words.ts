import {
  type HealthCheckResult,
  type SourceChange,
  toJsonText,
  toVisible,
} from '@executor/contracts'

/** A moment as people write it, in their own time. */
export function toMoment(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

const STEPS: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "3 hours ago". */
export function toAgo(at: number, now: number): string {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const [unit, ms] of STEPS)
    if (now - at >= ms) return format.format(-Math.floor((now - at) / ms), unit)
  return 'just now'
}

/** "1 tool", "1,223 tools". */
export function toCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

export const KINDS: Record<string, string> = {
  openapi: 'OpenAPI',
  graphql: 'GraphQL',
  mcp: 'MCP server',
  executor: 'Built in',
}

export const OWNERS = { org: 'Organization', user: 'Personal' } as const

/** Health in a word, and how it is meant. */
export const HEALTH: Record<
  HealthCheckResult['status'],
  { word: string; tone: 'good' | 'bad' | 'warn' | 'quiet' }
> = {
  healthy: { word: 'Works', tone: 'good' },
  expired: { word: 'Refused', tone: 'bad' },
  degraded: { word: 'Failing', tone: 'warn' },
  unknown: { word: 'Not known', tone: 'quiet' },
}

export const ACTIONS = {
  approve: { word: 'Runs', tone: 'good' },
  require_approval: { word: 'Asks first', tone: 'warn' },
  block: { word: 'Blocked', tone: 'bad' },
} as const

export const CAUSES: Record<SourceChange['cause'], string> = {
  hand: 'Refreshed by hand',
  schedule: 'Refreshed on schedule',
  upstream: 'Announced by the server',
  approved: 'Accepted in review',
  rejected: 'Refused in review',
  review: 'Review was changed',
}

const EVERY: [ms: number, one: string, many: string][] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
  [1000, 'second', 'seconds'],
]

/** "Every day", "Every 5 minutes". */
export function toEvery(ms: number): string {
  const [unit, one, many] = EVERY.find(([length]) => ms % length === 0) ?? [1, 'millisecond', 'ms']
  return ms === unit ? `Every ${one}` : `Every ${ms / unit} ${many}`
}

/** The first line of a text, which says the most. */
export function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? ''
}

/** Characters that a line of a list has room for. */
const GIST_CHARS_MAX = 160

/** The beginning of a value, on one line: enough to tell it from others. */
export function toGist(value: unknown): string {
  const { text, isCut } = toJsonText(value, GIST_CHARS_MAX)
  return toVisible(text.replace(/\n\s*/g, ' ')) + (isCut ? ' …' : '')
}

/** An address that a browser may follow: of the web, and nothing that runs. */
export function toWebUrl(text: string | undefined): URL | null {
  const url = text === undefined ? null : URL.parse(text)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}
