import type { ToolError } from '@executor/contracts'

/** It was sent, or may have been, and nobody knows what became of it. */
export function outcomeUnknown(path: string): ToolError {
  return {
    code: 'outcome_unknown',
    message:
      `${path} may have been carried out: the connection to it was lost before an answer came. ` +
      'It was not sent again. Look upstream before you repeat it.',
  }
}
