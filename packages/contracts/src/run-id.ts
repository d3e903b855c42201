import { v7 } from 'uuid'

/**
 * The id of a new run, made by whoever asks for the run: asking again after a lost answer then starts
 * nothing twice. A UUID of version 7 (RFC 9562): new runs lie side by side in a store of many.
 */
export function newRunId(): string {
  return `exec_${v7()}`
}
