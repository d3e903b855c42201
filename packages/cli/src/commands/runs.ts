import type { Command } from 'commander'
import { connectInstance } from '../instance.ts'
import { terminal } from '../terminal.ts'

interface Run {
  id: string
  status: string
  title: string
  createdAt: number
  isError: boolean
}

export function addRuns(program: Command): void {
  const runs = program.command('runs').description('Look at what was run, and stop what runs')

  runs
    .command('list')
    .option('--status <status>', 'queued, running, waiting, completed, failed or cancelled')
    .option('--limit <number>', 'how many', '20')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (options: { status?: string; limit: string; baseUrl?: string }) => {
      const client = await connectInstance(options)
      const query = new URLSearchParams({ limit: options.limit })
      if (options.status) query.set('status', options.status)
      for (const run of (await client.get(`/executions?${query}`)) as Run[]) {
        const state = run.isError ? `${run.status}, error` : run.status
        terminal.out(`${run.id}  ${new Date(run.createdAt).toISOString()}  ${state}  ${run.title}`)
      }
    })

  runs
    .command('show')
    .argument('<id>')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (id: string, options: { baseUrl?: string }) => {
      const client = await connectInstance(options)
      terminal.json(await client.get(`/executions/${encodeURIComponent(id)}`))
    })

  runs
    .command('cancel')
    .argument('<id>')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (id: string, options: { baseUrl?: string }) => {
      const client = await connectInstance(options)
      terminal.json(await client.post(`/executions/${encodeURIComponent(id)}/cancel`, {}))
    })
}
