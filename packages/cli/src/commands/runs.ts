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

interface Shown {
  resultTruncated: boolean
  resultBytes: number | null
}

interface ListOptions {
  status?: string
  limit: string
  json?: boolean
  baseUrl?: string
}

export function addRuns(program: Command): void {
  const runs = program.command('runs').description('Look at what was run, and stop what runs')

  runs
    .command('list')
    .description('List runs, the newest first')
    .option('--status <status>', 'queued, running, waiting, completed, failed or cancelled')
    .option('--limit <number>', 'how many', '20')
    .option('--json', 'as the API lists them')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (options: ListOptions) => {
      const client = await connectInstance(options)
      const query = new URLSearchParams({ limit: options.limit })
      if (options.status) query.set('status', options.status)
      const listed = (await client.get(`/executions?${query}`)) as Run[]
      if (options.json) return terminal.json(listed)
      for (const run of listed) terminal.out(toLine(run))
    })

  runs
    .command('show')
    .description('Show a run: its code, steps, questions and result')
    .argument('<id>')
    .option('--result', 'nothing but its result, however long')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (id: string, options: { result?: boolean; baseUrl?: string }) => {
      const client = await connectInstance(options)
      const path = `/executions/${encodeURIComponent(id)}`
      if (options.result) return terminal.json(await client.get(`${path}/result`))
      const run = (await client.get(path)) as Shown
      terminal.json(run)
      if (run.resultTruncated)
        terminal.note(`Its result has ${run.resultBytes} bytes: executor runs show ${id} --result`)
    })

  runs
    .command('cancel')
    .description('Stop a run, and what it waits for')
    .argument('<id>')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (id: string, options: { baseUrl?: string }) => {
      const client = await connectInstance(options)
      terminal.json(await client.post(`/executions/${encodeURIComponent(id)}/cancel`, {}))
    })
}

/** A completed run may have come to an error; that the others did is said by their status. */
function toLine({ id, createdAt, status, isError, title }: Run): string {
  const state = isError && status === 'completed' ? 'completed, error' : status
  return `${id}  ${new Date(createdAt).toISOString()}  ${state}  ${title}`
}
