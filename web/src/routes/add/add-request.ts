import type { Detection } from '@executor/contracts'

type DetectedMethod = NonNullable<Detection['authMethods']>[number]

/** What a person may say otherwise than it was found, or has to say. */
export interface Wishes {
  name: string
  slug: string
  endpoint: string
  /** What was pasted: a detection does not repeat documents. */
  text: string
}

/** The request that adds what was found; null where there is none. */
export function toAddRequest(
  { add, missing = [] }: Detection,
  { name, slug, endpoint, text }: Wishes,
): Required<Detection>['add'] | null {
  if (!add) return null
  const pasted = missing.filter((field) => field !== 'endpoint')
  const body = {
    ...add.body,
    ...Object.fromEntries(pasted.map((field) => [field, text])),
    ...(missing.includes('endpoint') ? { endpoint: endpoint.trim() } : {}),
    name,
    slug,
  }
  return { ...add, body }
}

/** Whether it can be called without a credential, and with none. */
export function asksForNothing(methods: readonly { kind: string }[]): boolean {
  return methods.every(({ kind }) => kind === 'none')
}

const SLUG = /^[A-Za-z0-9][A-Za-z0-9_-]*$/

/** What is wrong with the first part of the addresses of its tools. */
export function problemOfSlug(slug: string, taken: readonly string[]): string | null {
  if (!SLUG.test(slug)) return 'Use letters, digits, “_” and “-”, starting with a letter or digit.'
  return taken.includes(slug) ? `There is an integration called “${slug}” already.` : null
}

const METHOD_KINDS = {
  none: 'No authentication',
  oauth2: 'OAuth',
  apikey: 'API key',
  env: 'Variables of its process',
}

export function labelOfMethod({ label, kind, placements }: DetectedMethod): string {
  const [first] = placements
  return label ?? (first && kind === 'apikey' ? `API key (${first.name})` : METHOD_KINDS[kind])
}
