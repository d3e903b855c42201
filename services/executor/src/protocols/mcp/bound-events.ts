import { ServiceError } from '@executor/contracts'

/** One message of a stream that never ends. */
const EVENT_BYTES_MAX = 32 * 1024 * 1024
const LINE_FEED = 0x0a

/** The same response, failing where an event grows beyond what is read of one. */
export function boundEvents(response: Response, maxBytes = EVENT_BYTES_MAX): Response {
  if (!response.body) return response
  const { status, statusText, headers, url } = response
  const bounded = new Response(response.body.pipeThrough(countEvents(url, maxBytes)), {
    status,
    statusText,
    headers,
  })
  Object.defineProperty(bounded, 'url', { value: url })
  return bounded
}

function countEvents(url: string, maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let pending = 0
  return new TransformStream({
    transform(chunk, controller) {
      // A line is at most an event: what has no end of line for so long is no message.
      const last = chunk.lastIndexOf(LINE_FEED)
      pending = last < 0 ? pending + chunk.byteLength : chunk.byteLength - last - 1
      if (pending <= maxBytes) controller.enqueue(chunk)
      else controller.error(tooLarge(url, maxBytes))
    },
  })
}

function tooLarge(url: string, maxBytes: number): ServiceError {
  const host = URL.parse(url)?.host ?? 'The server'
  return new ServiceError(
    'resource_exhausted',
    'egress_too_large',
    `${host} sends a message of more than ${maxBytes} bytes; ask it for less.`,
    { details: { host, sent: true, answered: true } },
  )
}
