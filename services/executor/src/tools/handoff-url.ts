export interface Handoff {
  integration: string
  owner: string
  template?: string | undefined
  label?: string | undefined
}

/** Where a person enters a secret, or signs in; the link itself holds none. */
export function handoffUrl(
  webBaseUrl: string,
  { integration, owner, template, label }: Handoff,
): string {
  const url = new URL(`/integrations/${integration}`, webBaseUrl)
  url.searchParams.set('addAccount', '1')
  url.searchParams.set('owner', owner)
  if (template) url.searchParams.set('template', template)
  if (label) url.searchParams.set('label', label)
  return url.href
}
