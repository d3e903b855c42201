import type { RequestOptions } from '@executor/bus'
import {
  type AuthMethod,
  catalog,
  type Integration,
  NO_AUTH_TEMPLATE,
  ServiceError,
} from '@executor/contracts'
import type { HandlerDeps } from './deps.ts'

const NO_AUTH: AuthMethod = {
  slug: NO_AUTH_TEMPLATE,
  kind: 'none',
  placements: [],
  origin: 'detected',
}

interface NamedMethod {
  integration: string
  template: string
}

/** The method a template names. Throws `connection_template_unknown`, or that there is no such integration. */
export async function getAuthMethod(
  deps: Pick<HandlerDeps, 'bus'>,
  named: NamedMethod,
  options: RequestOptions,
): Promise<AuthMethod> {
  return (await getIntegrationMethod(deps, named, options)).method
}

/** The same, with the integration it is a method of. */
export async function getIntegrationMethod(
  { bus }: Pick<HandlerDeps, 'bus'>,
  { integration: slug, template }: NamedMethod,
  options: RequestOptions,
): Promise<{ integration: Integration; method: AuthMethod }> {
  const integration = await bus.request(catalog.getIntegration, { slug }, options)
  return { integration, method: findMethod(integration, template) }
}

function findMethod({ slug: integration, authMethods }: Integration, template: string): AuthMethod {
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
