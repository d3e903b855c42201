import type { AuthMethod, GraphqlAuthTemplate } from '@executor/contracts'
import { toAuthMethods } from '../openapi/auth-templates.ts'

/** What is offered where nobody says how the endpoint wants to be entered: most take a bearer. */
export const USUAL_METHODS: readonly AuthMethod[] = [
  {
    slug: 'bearer',
    label: 'Bearer token',
    kind: 'apikey',
    placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    origin: 'detected',
  },
]

/** A person's first auth methods; those without a slug get one that says what they are. */
export function toNamedMethods(templates: readonly GraphqlAuthTemplate[]): AuthMethod[] {
  const taken = new Set(templates.flatMap(({ slug }) => (slug ? [slug] : [])))
  return toAuthMethods(templates).map((method, at) => {
    if (templates[at]?.slug) return method
    const slug = freeSlug(usualSlug(method), taken)
    taken.add(slug)
    return { ...method, slug }
  })
}

function usualSlug({ kind, placements }: AuthMethod): string {
  const [first, ...others] = placements
  return kind === 'apikey' && first && others.length === 0 ? first.carrier : kind
}

function freeSlug(wished: string, taken: ReadonlySet<string>): string {
  let slug = wished
  for (let n = 2; taken.has(slug); n++) slug = `${wished}_${n}`
  return slug
}
