import { ServiceError } from '@executor/contracts'
import { createInputParser } from '../input.ts'

export const parseInput = createInputParser('openapi_input_invalid')

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
