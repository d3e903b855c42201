import type { Owner } from '#lib/api.ts'

/** What a link says of the account that is to be added; no secret is ever in one. */
export interface Handoff {
  owner?: Owner
  template?: string
  label?: string
}

const LABEL_CHARS_MAX = 128

/** Reads `?addAccount=1&owner&template&label`; null where no account is to be added. */
export function readHandoff(query: Pick<URLSearchParams, 'get'>): Handoff | null {
  if (query.get('addAccount') !== '1') return null
  const owner = query.get('owner')
  const template = query.get('template')
  const label = query.get('label')?.slice(0, LABEL_CHARS_MAX)
  return {
    ...(owner === 'org' || owner === 'user' ? { owner } : {}),
    ...(template ? { template } : {}),
    ...(label ? { label } : {}),
  }
}
