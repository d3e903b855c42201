import type { Command } from 'commander'
import { parseDuration } from '../duration.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { printChange, printPreview, printReview } from '../source-changes.ts'
import { terminal } from '../terminal.ts'

interface Instance {
  baseUrl?: string
}
const pathOf = (slug: string) => `/integrations/${encodeURIComponent(slug)}`

export function addIntegrations(program: Command): void {
  const integrations = program
    .command('integrations')
    .description('Keep integrations current, and review what changed')
  addRefresh(integrations)
  addReview(integrations)
}

function addRefresh(integrations: Command): void {
  integrations
    .command('refresh')
    .description('Read an integration’s source again')
    .argument('<slug>')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--force', 'even where most of it is gone')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (slug: string, options: Instance & { dryRun?: boolean; force?: boolean }) => {
      const client = await connectInstance(options)
      const query = options.dryRun ? '?dryRun' : options.force ? '?force' : ''
      const answer = await client.post(`${pathOf(slug)}/refresh${query}`, {})
      if (options.dryRun) printPreview(answer as Parameters<typeof printPreview>[0])
      else terminal.json(answer)
    })

  integrations
    .command('changes')
    .description('List what changed in an integration’s tools, the last first')
    .argument('<slug>')
    .option('--limit <number>', 'how many', '20')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (slug: string, options: Instance & { limit: string }) => {
      const client = await connectInstance(options)
      const query = new URLSearchParams({ limit: options.limit })
      const changes = (await client.get(`${pathOf(slug)}/changes?${query}`)) as Parameters<
        typeof printChange
      >[0][]
      for (const change of changes) printChange(change)
      if (changes.length === 0) terminal.note('Nothing has changed since it was added.')
    })

  integrations
    .command('configure')
    .description('Say how an integration is kept current')
    .argument('<slug>')
    .option('--review <mode>', 'what waits for a person: none, writes or all')
    .option('--refresh-every <time>', 'such as 30m, 12h or 2d; off for never')
    .option('--base-url <url>', 'talk to this instance')
    .action(
      async (slug: string, options: Instance & { review?: string; refreshEvery?: string }) => {
        const { review, refreshEvery } = options
        if (review === undefined && refreshEvery === undefined)
          throw new CommandFailure('Say --review, --refresh-every, or both.')
        const client = await connectInstance(options)
        const change = {
          ...(review === undefined ? {} : { review }),
          ...(refreshEvery === undefined ? {} : { refreshEveryMs: parseDuration(refreshEvery) }),
        }
        terminal.json(await client.patch(pathOf(slug), change))
      },
    )
}

function addReview(integrations: Command): void {
  integrations
    .command('review')
    .description('Show the tools that wait for a person')
    .argument('<slug>')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (slug: string, options: Instance) => {
      const client = await connectInstance(options)
      const reviews = (await client.get(`${pathOf(slug)}/review`)) as Parameters<
        typeof printReview
      >[1][]
      for (const review of reviews) printReview(slug, review)
      if (reviews.length === 0) terminal.note('Nothing waits for review.')
    })

  for (const decision of ['approve', 'reject'] as const) {
    integrations
      .command(decision)
      .description(decision === 'approve' ? 'Let tools in that wait' : 'Turn tools down that wait')
      .argument('<slug>')
      .argument('[tools...]', 'all that wait, where none is named')
      .requiredOption('--revision <revision>', 'of what "review" showed')
      .option('--account <owner.name>', 'where "review" named one')
      .option('--base-url <url>', 'talk to this instance')
      .action(
        async (
          slug: string,
          operations: string[],
          options: Instance & { revision: string; account?: string },
        ) => {
          const client = await connectInstance(options)
          const { revision, account } = options
          const body = {
            revision,
            ...(operations.length > 0 ? { operations } : {}),
            ...(account === undefined ? {} : { account: toAccount(account) }),
          }
          terminal.json(await client.post(`${pathOf(slug)}/review/${decision}`, body))
        },
      )
  }
}

function toAccount(account: string): { owner: string; connection: string } {
  const [owner = '', connection] = account.split('.')
  if (connection) return { owner, connection }
  throw new CommandFailure('An account is <org|user>.<name>.')
}
