/**
 * What a message is, beside a plain answer: one header, so that the common case has none.
 *
 * - `body`: the answer, or the request, is this long and has to be pulled
 * - `pull`: send the next window, from this byte on, to my reply subject
 * - `chunk`: bytes from this offset on
 * - `working`: not lost, not done
 * - `error`: the answer is a failure, as JSON text
 */
export type Frame =
  | { kind: 'body' | 'pull' | 'chunk'; count: number }
  | { kind: 'working' }
  | { kind: 'error'; text: string }

export const FRAME_HEADER = 'Executor-Frame'

export function formatFrame(frame: Frame): string {
  if (frame.kind === 'error') return `error ${frame.text}`
  return frame.kind === 'working' ? 'working' : `${frame.kind} ${frame.count}`
}

/** `null` for anything that this version does not send. */
export function parseFrame(value: string): Frame | null {
  const space = value.indexOf(' ')
  const kind = space === -1 ? value : value.slice(0, space)
  const rest = value.slice(kind.length + 1)
  switch (kind) {
    case 'error':
      return { kind, text: rest }
    case 'working':
      return { kind }
    case 'body':
    case 'pull':
    case 'chunk':
      return /^\d{1,10}$/.test(rest) ? { kind, count: Number(rest) } : null
    default:
      return null
  }
}
