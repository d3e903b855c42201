import { ServiceError } from '@executor/contracts'
import { WorkerFailure } from './worker-pool.ts'

/** What failures are called: of a document that cannot be parsed, and of one that never ends. */
export interface FailureReasons {
  parse: string
  extraction: string
}

export function toServiceError(error: unknown, { parse }: FailureReasons): unknown {
  if (!(error instanceof WorkerFailure) || !error.isOutOfMemory) return error
  return new ServiceError(
    'invalid_argument',
    parse,
    'The document needs more memory than reading one may take.',
    { cause: error },
  )
}

export function tooSlow(milliseconds: number, { extraction }: FailureReasons): ServiceError {
  return new ServiceError(
    'invalid_argument',
    extraction,
    `The document takes too long to read: more than ${Math.round(milliseconds / 1000)} seconds.`,
  )
}
