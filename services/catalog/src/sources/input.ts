import { ServiceError } from '@executor/contracts'
import { z } from 'zod'

/** Checks what came from outside; throws `invalid_argument` that names the field. */
export type ParseInput = <T extends z.ZodType>(schema: T, input: unknown) => z.output<T>

/** `reason` is what a kind calls an input that cannot be used. */
export function createInputParser(reason: string): ParseInput {
  return (schema, input) => {
    const parsed = schema.safeParse(input)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    const path = issue?.path.join('.')
    throw new ServiceError(
      'invalid_argument',
      reason,
      `The input cannot be used${path ? ` (${path})` : ''}: ${issue?.message ?? 'it is malformed'}.`,
      { details: { issues: z.flattenError(parsed.error).fieldErrors } },
    )
  }
}
