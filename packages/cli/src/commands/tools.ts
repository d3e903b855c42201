import type { Command } from 'commander'
import { type Client, messageOf } from '../client.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { terminal } from '../terminal.ts'
import { type ListedTool, resolveToolPath } from '../tool-path.ts'

interface SearchPage {
  items: { path: string; description?: string; accounts?: string[]; requiresApproval?: boolean }[]
  total: number
}

const UNCONNECTED_SHOWN_MAX = 5

export function addTools(program: Command): void {
  const tools = program.command('tools').description('Find tools and see what they take')

  tools
    .command('search')
    .description('Search the catalog in everyday words')
    .argument('<query...>')
    .option('--namespace <path>', 'only below this integration or account')
    .option('--limit <number>', 'how many', '12')
    .option('--base-url <url>', 'talk to this instance')
    .action(
      async (words: string[], options: { namespace?: string; limit: string; baseUrl?: string }) => {
        const client = await connectInstance(options)
        const query = new URLSearchParams({ query: words.join(' '), limit: options.limit })
        if (options.namespace) query.set('namespace', options.namespace)
        const page = (await client.get(`/tools/search?${query}`)) as SearchPage
        for (const { path, description, requiresApproval } of page.items) {
          const line = (description ?? '').split('\n')[0]?.slice(0, 100) ?? ''
          terminal.out(`${path}${requiresApproval ? '  [asks]' : ''}\n    ${line}`)
        }
        if (page.items.length === 0) await sayWhyNothing(client)
      },
    )

  tools
    .command('integrations')
    .alias('sources')
    .description('List the integrations of the catalog')
    .option('--query <text>', 'only those whose name holds this')
    .option('--limit <number>', 'how many', '50')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (options: { query?: string; limit: string; baseUrl?: string }) => {
      const client = await connectInstance(options)
      const all = (await client.get('/integrations')) as {
        slug: string
        name: string
        kind: string
        toolCount: number
      }[]
      const query = options.query?.toLowerCase()
      const found = all.filter(
        (row) => !query || `${row.slug} ${row.name}`.toLowerCase().includes(query),
      )
      for (const { slug, name, kind, toolCount } of found.slice(0, Number(options.limit) || 50)) {
        terminal.out(`${slug}  ${name} (${kind}, ${toolCount} tools)`)
      }
    })

  tools
    .command('describe')
    .description('Show what a tool takes and answers, as TypeScript')
    .argument('<path...>')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (words: string[], options: { baseUrl?: string }) => {
      const client = await connectInstance(options)
      const [integration = ''] = words
        .join('.')
        .replace(/^tools\./, '')
        .split('.')
      const listed = (await client.get(
        `/tools?integration=${encodeURIComponent(integration)}`,
      )) as ListedTool[]
      const { address } = resolveToolPath(words, listed)
      const reply = await client.send('GET', `/tools/schema?address=${encodeURIComponent(address)}`)
      if (reply.status >= 300) throw new CommandFailure(messageOf(reply))
      printDescription(reply.body as Described)
    })
}

/** The tools of an integration are found once somebody has connected it. */
async function sayWhyNothing(client: Client): Promise<void> {
  const [integrations, connections] = (await Promise.all([
    client.get('/integrations'),
    client.get('/connections'),
  ])) as [{ slug: string; kind: string }[], { integration: string }[]]
  const connected = new Set(connections.map(({ integration }) => integration))
  const open = integrations.filter(({ slug, kind }) => kind !== 'executor' && !connected.has(slug))
  terminal.note('Nothing found. Add an integration, or use other words.')
  for (const { slug } of open.slice(0, UNCONNECTED_SHOWN_MAX)) {
    const link = `${client.origin}/integrations/${encodeURIComponent(slug)}?addAccount=1`
    terminal.note(`${slug} is not connected, so its tools are not here: ${link}`)
  }
}

interface Described {
  address: string
  description: string
  inputTypeScript: string
  outputTypeScript: string
  errorTypeScript?: string
  typeScriptDefinitions: Record<string, string>
}

function printDescription(tool: Described): void {
  terminal.out(`${tool.address}\n\n${tool.description}\n`)
  terminal.out(`type Input = ${tool.inputTypeScript}\n\ntype Output = ${tool.outputTypeScript}`)
  if (tool.errorTypeScript) terminal.out(`\ntype Failure =\n${tool.errorTypeScript}`)
  for (const text of Object.values(tool.typeScriptDefinitions)) terminal.out(`\n${text}`)
}
