import type { OperationError } from '@executor/contracts'
import { schemaToTypeScript, type TypeScriptOptions } from './schema-to-typescript.ts'

/** Statuses that mean the credential was refused: the upstream's answer stands beside what to do. */
const REFUSALS = new Set(['401', '403'])

/** What an error of a call holds, one line for each kind of failure that is described. */
export function errorsToTypeScript(
  errors: readonly OperationError[],
  options: TypeScriptOptions,
): string {
  const lines = errors.flatMap(({ statuses, schema }) => {
    const body = schemaToTypeScript(schema, options)
    const refused = statuses.filter((status) => REFUSALS.has(status))
    const others = statuses.filter((status) => !REFUSALS.has(status))
    return [...toLine(others, body), ...toLine(refused, `{ upstream: { body: ${body} } }`)]
  })
  return lines.join('\n')
}

function toLine(statuses: readonly string[], details: string): string[] {
  if (statuses.length === 0) return []
  const isExact = statuses.every((status) => /^\d+$/.test(status))
  const status = isExact ? statuses.join(' | ') : `number /* ${statuses.join(', ')} */`
  return [`| { status: ${status}; details: ${details} }`]
}
