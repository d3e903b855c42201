/** What is wrong with a document, and where. Becomes a `ServiceError` once it has left the worker. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  /** Each kind of source has its own. */
  readonly reason: string
  readonly details: Record<string, unknown> | undefined

  constructor(
    reason: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
    this.details = options.details
  }
}

export function parseFailed(message: string, details?: Record<string, unknown>): DocumentError {
  return new DocumentError('openapi_parse_failed', message, details ? { details } : {})
}

export function extractionFailed(message: string): DocumentError {
  return new DocumentError('openapi_extraction_failed', message)
}

/** Says which part of a document a failure is about. */
export function inPart<T>(describe: () => string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    const { reason, message, details } = error
    throw new DocumentError(reason, `${describe()}: ${message}.`, {
      ...(details ? { details } : {}),
      cause: error,
    })
  }
}
