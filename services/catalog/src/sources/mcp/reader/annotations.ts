import type { Annotations } from '@executor/contracts'
import { ownValue } from '../../openapi/reader/json.ts'

/**
 * What a server hints of a tool, with the protocol's own defaults: a tool that says nothing may change
 * and destroy. A person is asked unless it says that it only looks, or that it only adds.
 */
export function toAnnotations(hints: unknown, title: string): Annotations {
  const readOnly = ownValue(hints, 'readOnlyHint') === true
  const destructive = !readOnly && ownValue(hints, 'destructiveHint') !== false
  return {
    readOnly,
    idempotent: readOnly || ownValue(hints, 'idempotentHint') === true,
    destructive: !readOnly && ownValue(hints, 'destructiveHint') === true,
    requiresApproval: destructive,
    ...(destructive ? { approvalDescription: title } : {}),
  }
}

/** Of what only asks a server for what it has. */
export const LOOKING: Annotations = {
  readOnly: true,
  idempotent: true,
  destructive: false,
  requiresApproval: false,
}
