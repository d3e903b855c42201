import { ServiceError } from '@executor/contracts'
import { z } from 'zod'

/** Checks what came from outside; throws `invalid_argument` that names the field. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join('.')
  throw new ServiceError(
    'invalid_argument',
    'openapi_input_invalid',
    `The input cannot be used${path ? ` (${path})` : ''}: ${issue?.message ?? 'it is malformed'}.`,
    { details: { issues: z.flattenError(parsed.error).fieldErrors } },
  )
}

/** A server to send calls to; templates and credentials have no place in it. */
export function parseBaseUrl(text: string): string {
  const url = URL.parse(text.trim())
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') {
    return text.trim().replace(/\/$/, '')
  }
  throw new ServiceError(
    'invalid_argument',
    'base_url_invalid',
    `"${text.slice(0, 200)}" is no base URL. Give an address that starts with https:// or http://, without a user name.`,
  )
}
