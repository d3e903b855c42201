import type { RequestOptions } from '@executor/bus'
import { type AuthMethod, catalog, NO_AUTH_TEMPLATE, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from './deps.ts'

const NO_AUTH: AuthMethod = {
  slug: NO_AUTH_TEMPLATE,
  kind: 'none',
  placements: [],
  origin: 'detected',
}

/** The method a template names. Throws `connection_template_unknown`, or that there is no such integration. */
export async function getAuthMethod(
  { bus }: Pick<HandlerDeps, 'bus'>,
  { integration, template }: { integration: string; template: string },
  options: RequestOptions,
): Promise<AuthMethod> {
  const { authMethods } = await bus.request(catalog.getIntegration, { slug: integration }, options)
  const method = authMethods.find(({ slug }) => slug === template)
  if (method) return method
  if (template === NO_AUTH_TEMPLATE) return NO_AUTH
  const slugs = [...new Set([...authMethods.map(({ slug }) => slug), NO_AUTH_TEMPLATE])]
  throw new ServiceError(
    'invalid_argument',
    'connection_template_unknown',
    `${integration} has no auth method "${template}". It has: ${slugs.join(', ')}.`,
    { details: { integration, templates: slugs } },
  )
}
