import type { PresetEntry } from './preset.ts'

interface McpEntry {
  id: string
  name: string
  summary: string
  hint: string
  family?: string
}

const OAUTH = 'Sign in with OAuth when you connect it; the server says where.'

function remote(endpoint: string, { hint, family, ...shown }: McpEntry): PresetEntry {
  return {
    ...shown,
    kind: 'mcp',
    family: family ?? shown.id,
    credential: { hint },
    input: {
      transport: 'remote',
      endpoint,
      name: shown.name,
      remoteTransport: 'auto',
    },
  }
}

function local(command: string, args: string[], { hint, family, ...shown }: McpEntry): PresetEntry {
  return {
    ...shown,
    kind: 'mcp',
    family: family ?? shown.id,
    credential: { hint },
    input: { transport: 'stdio', command, args, name: shown.name },
  }
}

export const MCP_PRESETS: readonly PresetEntry[] = [
  remote('https://mcp.deepwiki.com/mcp', {
    id: 'deepwiki',
    name: 'DeepWiki',
    summary: 'Ask about any public GitHub repository, and read its documentation.',
    hint: 'None.',
  }),
  remote('https://mcp.context7.com/mcp', {
    id: 'context7',
    name: 'Context7',
    summary: 'Current documentation and examples of libraries.',
    hint: 'None; an API key raises the limits.',
  }),
  remote('https://mcp.browserbase.com/mcp', {
    id: 'browserbase',
    name: 'Browserbase',
    summary: 'Browsers in the cloud that go where you say.',
    hint: 'An API key of Browserbase.',
  }),
  remote('https://mcp.firecrawl.dev/mcp', {
    id: 'firecrawl',
    name: 'Firecrawl',
    summary: 'Crawl websites and read them as text or structured data.',
    hint: 'An API key of Firecrawl.',
  }),
  remote('https://mcp.neon.tech/mcp', {
    id: 'neon',
    name: 'Neon',
    summary: 'Manage Postgres projects and branches, and query them.',
    hint: OAUTH,
  }),
  remote('https://mcp.axiom.co/mcp', {
    id: 'axiom',
    name: 'Axiom',
    summary: 'Query logs and events, and look at monitors.',
    hint: OAUTH,
  }),
  remote('https://mcp.stripe.com', {
    id: 'stripe',
    name: 'Stripe',
    summary: 'Payments, customers and billing in a few tools, and Stripe’s documentation.',
    hint: OAUTH,
  }),
  remote('https://mcp.linear.app/mcp', {
    id: 'linear',
    name: 'Linear',
    summary: 'Find and change issues, projects and documents.',
    hint: OAUTH,
  }),
  remote('https://mcp.notion.com/mcp', {
    id: 'notion',
    name: 'Notion',
    summary: 'Search, read and write pages and databases.',
    hint: OAUTH,
  }),
  remote('https://mcp.sentry.dev/mcp', {
    id: 'sentry',
    name: 'Sentry',
    summary: 'Look into errors, issues and traces.',
    hint: OAUTH,
  }),
  remote('https://mcp.cloudflare.com/mcp', {
    id: 'cloudflare',
    name: 'Cloudflare',
    summary: 'The whole Cloudflare API behind a few tools.',
    hint: OAUTH,
  }),
  remote('https://mcp.slack.com/mcp', {
    id: 'slack',
    name: 'Slack',
    summary: 'Search, read channels and threads, and send messages.',
    hint: OAUTH,
  }),
  remote('https://emulators.dev/mcp/query/mcp?token=demo-token', {
    id: 'emulate-mcp',
    name: 'Emulate MCP',
    summary: 'A server that always answers the same, for trying out text and images.',
    hint: 'None: the token of the demonstration is part of the address.',
  }),
  local('npx', ['-y', 'chrome-devtools-mcp@latest'], {
    id: 'chrome-devtools',
    name: 'Chrome DevTools',
    summary: 'Drive and inspect a Chrome on this machine.',
    hint: 'None.',
  }),
]
