/** What came of a run, in the words of its script or its call. */
export interface Outcome {
  /** Why it failed. */
  failure: string | null
  /** What it returned, as a person reads it; absent where it returned nothing. */
  value?: string
  logs: string[]
}

/** Of a `ToolResult` or an `ExecutionResult`. */
export function readOutcome(result: unknown): Outcome {
  if (!isRecord(result)) return { failure: null, logs: [] }
  const logs = Array.isArray(result.logs) ? result.logs.map(String) : []
  if (result.ok === false && isRecord(result.error)) {
    const { message, details } = result.error
    return { failure: String(message), logs, ...shown(details) }
  }
  return { failure: null, logs, ...shown('data' in result ? result.data : result.value) }
}

function shown(value: unknown): { value?: string } {
  if (value === undefined) return {}
  return { value: typeof value === 'string' ? value : JSON.stringify(value, null, 2) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
