import type { Principal } from '@executor/contracts'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import type { Carrier } from '../telemetry.ts'
import { TIMER_MS_MAX } from '../timer.ts'
import { FRAME_HEADER, type Frame, formatFrame, parseFrame } from './frame.ts'

const PRINCIPAL_HEADER = 'Executor-Principal'
const TIMEOUT_HEADER = 'Executor-Timeout'
const ATTACHMENT_HEADER = 'Executor-Attachment'
/** Propagators write lower case; these are all that W3C's two recommendations use. */
const TRACE_HEADERS = ['traceparent', 'tracestate', 'baggage']
/** ADR-32: what NATS's own tools show of a service's failures. */
const SERVICE_ERROR_HEADER = 'Nats-Service-Error'
const SERVICE_ERROR_CODE_HEADER = 'Nats-Service-Error-Code'

/** All that reading them takes. */
export interface ReadHeaders {
  /** Empty when there is none. */
  get(name: string): string
}

/** What travels beside a request's body. */
export interface RequestHead {
  principal: unknown
  timeoutMs: number
  carrier: Carrier | undefined
  /** Set when the body is too long for one message. */
  bodyBytes: number | undefined
  /** How many bytes at the end of the body are no JSON text; none when absent. */
  attachmentBytes: number | undefined
}

export function toRequestHeaders(head: {
  principal: Principal
  timeoutMs: number
  carrier: Carrier | undefined
  bodyBytes: number | undefined
  attachmentBytes: number | undefined
}): MsgHdrs {
  const result = toTraceHeaders(head.carrier) ?? headers()
  result.set(PRINCIPAL_HEADER, JSON.stringify(head.principal))
  result.set(TIMEOUT_HEADER, String(Math.ceil(head.timeoutMs)))
  if (head.bodyBytes !== undefined) {
    result.set(FRAME_HEADER, formatFrame({ kind: 'body', count: head.bodyBytes }))
  }
  if (head.attachmentBytes !== undefined) {
    result.set(ATTACHMENT_HEADER, String(head.attachmentBytes))
  }
  return result
}

/** `null` when it is not a request of ours. */
export function findRequestHead(source: ReadHeaders | undefined): RequestHead | null {
  if (source === undefined) return null
  const timeoutMs = Number(source.get(TIMEOUT_HEADER))
  if (!(timeoutMs > 0)) return null
  const attachment = source.get(ATTACHMENT_HEADER)
  const frame = findFrame(source)
  return {
    principal: findJson(source.get(PRINCIPAL_HEADER)),
    timeoutMs: Math.min(timeoutMs, TIMER_MS_MAX),
    carrier: findCarrier(source),
    bodyBytes: frame?.kind === 'body' ? frame.count : undefined,
    attachmentBytes: attachment === '' ? undefined : Number(attachment),
  }
}

export function toFrameHeaders(frame: Frame): MsgHdrs {
  const result = headers()
  result.set(FRAME_HEADER, formatFrame(frame))
  return result
}

export function toErrorHeaders(text: string): MsgHdrs {
  const result = toFrameHeaders({ kind: 'error', text })
  result.set(SERVICE_ERROR_CODE_HEADER, '500')
  result.set(SERVICE_ERROR_HEADER, 'see Executor-Frame')
  return result
}

export function findFrame(source: ReadHeaders | undefined): Frame | null {
  const value = source?.get(FRAME_HEADER)
  return value === undefined || value === '' ? null : parseFrame(value)
}

export function toTraceHeaders(carrier: Carrier | undefined): MsgHdrs | undefined {
  if (carrier === undefined) return undefined
  const result = headers()
  for (const [key, value] of Object.entries(carrier)) result.set(key, value)
  return result
}

export function findCarrier(source: ReadHeaders | undefined): Carrier | undefined {
  if (source === undefined) return undefined
  let carrier: Carrier | undefined
  for (const key of TRACE_HEADERS) {
    const value = source.get(key)
    if (value !== '') carrier = { ...carrier, [key]: value }
  }
  return carrier
}

function findJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever validates it sees that nothing is there.
    return undefined
  }
}
