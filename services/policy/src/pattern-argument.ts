import { explainPatternError, ServiceError } from '@executor/contracts'

/** Throws `invalid_argument` with what is wrong with the pattern. */
export function assertPattern(pattern: string): void {
  const error = explainPatternError(pattern)
  if (error === null) return
  throw new ServiceError(
    'invalid_argument',
    'pattern_invalid',
    `The pattern "${pattern.slice(0, 200)}" is not valid: ${error}.`,
    { details: { pattern: pattern.slice(0, 200) } },
  )
}
