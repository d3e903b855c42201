import { api } from '#lib/api.ts'

/** Everything of an integration that its page shows at once. */
export async function loadIntegration(slug: string) {
  const [integration, accounts, reviews, changes, rules] = await Promise.all([
    api.integration(slug),
    api.connections(slug),
    api.review(slug),
    api.changes(slug, null),
    api.rules(),
  ])
  return { integration, accounts, reviews, changes, rules }
}
export type Shown = Awaited<ReturnType<typeof loadIntegration>>
