import type { PresetEntry } from './preset.ts'

interface GraphqlEntry {
  id: string
  name: string
  summary: string
  family: string
  endpoint: string
  hint: string
  url?: string
  /** How a credential goes into the Authorization header; absent: the usual ways. */
  prefix?: string
  operation?: string
}

function toEntry({ endpoint, hint, url, prefix, operation, ...shown }: GraphqlEntry): PresetEntry {
  const token = {
    slug: 'token',
    kind: 'apikey',
    label: 'API token',
    placements: [
      { carrier: 'header', name: 'Authorization', ...(prefix === '' ? {} : { prefix }) },
    ],
  }
  return {
    ...shown,
    kind: 'graphql',
    credential: { hint, ...(url ? { url } : {}) },
    input: {
      endpoint,
      name: shown.name,
      ...(prefix === undefined ? {} : { authenticationTemplate: [token] }),
    },
    ...(operation ? { healthCheck: { operation } } : {}),
  }
}

export const GRAPHQL_PRESETS: readonly PresetEntry[] = (
  [
    {
      id: 'github-graphql',
      name: 'GitHub GraphQL',
      summary: 'Everything on GitHub in one schema, projects and discussions included.',
      family: 'github',
      endpoint: 'https://api.github.com/graphql',
      hint: 'A personal access token.',
      url: 'https://github.com/settings/tokens',
      prefix: 'Bearer ',
      operation: 'query.viewer',
    },
    {
      id: 'gitlab',
      name: 'GitLab',
      summary: 'Projects, issues, merge requests, pipelines and groups.',
      family: 'gitlab',
      endpoint: 'https://gitlab.com/api/graphql',
      hint: 'A personal access token (glpat-…); much can be read without one.',
      url: 'https://gitlab.com/-/user_settings/personal_access_tokens',
      operation: 'query.currentUser',
    },
    {
      id: 'linear',
      name: 'Linear',
      summary: 'Issues, projects, cycles, teams and comments.',
      family: 'linear',
      endpoint: 'https://api.linear.app/graphql',
      // A key goes into the header as it is: with "Bearer" it would be taken for an OAuth token.
      hint: 'A personal API key (lin_api_…).',
      url: 'https://linear.app/settings/account/security',
      prefix: '',
      operation: 'query.viewer',
    },
    {
      id: 'monday',
      name: 'monday.com',
      summary: 'Boards, items, updates and workspaces.',
      family: 'monday',
      endpoint: 'https://api.monday.com/v2',
      hint: 'An API token of your account.',
      prefix: '',
      operation: 'query.me',
    },
    {
      id: 'anilist',
      name: 'AniList',
      summary: 'Anime and manga: titles, characters, staff and lists.',
      family: 'anilist',
      endpoint: 'https://graphql.anilist.co',
      hint: 'None to read what is public.',
    },
  ] satisfies GraphqlEntry[]
).map(toEntry)
