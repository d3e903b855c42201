import type { Delivery } from '../protocol.ts'

/** An answer is in memory as text, as a string and as a value while it is read. */
const ANSWER_SHARE = 4

/** What the script is handed for an answer: a failure where it does not fit its memory. */
export function fitAnswer(
  answer: Delivery,
  memoryBytes: number,
): { json: string; throws: boolean } {
  const bytes = Buffer.byteLength(answer.json)
  if (bytes <= memoryBytes / ANSWER_SHARE) {
    return { json: answer.json, throws: answer.throws === true }
  }
  const error = {
    code: 'upstream_response_too_large',
    message: `The answer has ${bytes} bytes, more than fits the sandbox. Ask for less at once.`,
  }
  return { json: JSON.stringify({ ok: false, error }), throws: false }
}
