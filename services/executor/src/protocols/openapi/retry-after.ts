import type { ResponseHeaders } from '@executor/egress'
import { headerText } from './response-headers.ts'

const WAIT_MS_MAX = 24 * 60 * 60 * 1000

/** When the upstream wants to be asked again, in milliseconds from now. */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | undefined {
  const retryAfter = headerText(headers, 'retry-after').trim()
  if (/^\d{1,9}(?:\.\d+)?$/.test(retryAfter)) return clamp(Number(retryAfter) * 1000)
  const date = retryAfter === '' ? Number.NaN : Date.parse(retryAfter)
  if (!Number.isNaN(date)) return clamp(date - now)
  return untilReset(headers, now)
}

/** GitHub and its many followers: no more calls until a second of the clock. */
function untilReset(headers: ResponseHeaders, now: number): number | undefined {
  if (headerText(headers, 'x-ratelimit-remaining') !== '0') return undefined
  const reset = Number(headerText(headers, 'x-ratelimit-reset'))
  // Others count the seconds from now under the same name; no clock shows such an early one.
  if (!Number.isFinite(reset) || reset <= 0) return undefined
  return clamp(reset > 1_000_000_000 ? reset * 1000 - now : reset * 1000)
}

function clamp(milliseconds: number): number {
  return Math.round(Math.min(Math.max(milliseconds, 0), WAIT_MS_MAX))
}
