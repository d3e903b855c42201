import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { parseArguments, splitCallWords } from '../call-words.ts'
import { type Client, messageOf } from '../client.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { printWaiting } from '../paused.ts'
import { terminal } from '../terminal.ts'
import { type ListedTool, resolveToolPath } from '../tool-path.ts'

interface CallOptions {
  baseUrl?: string
  match?: string
  limit: string
  help?: boolean
}

export function addCall(program: Command): void {
  program
    .command('call')
    .description('Call a tool: executor call <integration> <tool> \'{"argument": "value"}\'')
    .argument('[words...]', 'the tool, whole or as short as it is clear, then JSON or @file')
    .option('--base-url <url>', 'talk to this instance')
    .option('--match <text>', 'list the tools whose name or description holds this')
    .option('--limit <number>', 'how many to list', '50')
    .helpOption(false)
    .option('-h, --help', 'list the tools below a path')
    .action(async (words: string[], options: CallOptions) => {
      const { segments, argumentText } = splitCallWords(words)
      const isBrowsing = options.help === true || options.match !== undefined
      if (segments.length === 0 && !isBrowsing) {
        throw new CommandFailure('Say which tool to call: executor call --help lists them.')
      }
      const args = isBrowsing ? {} : await readArguments(argumentText)
      const client = await connectInstance(options)
      if (isBrowsing) return browse(client, segments, options)
      const tool = resolveToolPath(segments, await listTools(client, segments))
      await call(client, tool.address, args)
    })
}

async function call(client: Client, address: string, args: object): Promise<void> {
  const reply = await client.send('POST', '/tools/invoke', { address, arguments: args })
  if (reply.status === 202) return printWaiting(client, reply.body)
  if (reply.status >= 300) throw new CommandFailure(messageOf(reply))
  terminal.json(reply.body)
  if (
    typeof reply.body === 'object' &&
    reply.body !== null &&
    'ok' in reply.body &&
    !reply.body.ok
  ) {
    process.exitCode = 1
  }
}

async function readArguments(text: string | null): Promise<Record<string, unknown>> {
  if (text === null) return {}
  return parseArguments(text.startsWith('@') ? await readArgumentFile(text.slice(1)) : text)
}

async function readArgumentFile(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
  } catch {
    throw new CommandFailure(`Cannot read ${path}.`)
  }
}

/** The tools of the integration that the path begins with; of all when there is none of that name. */
async function listTools(client: Client, segments: string[]): Promise<ListedTool[]> {
  const [integration = ''] = segments
    .join('.')
    .replace(/^tools\./, '')
    .split('.')
  const query = integration === '' ? '' : `?integration=${encodeURIComponent(integration)}`
  const own = (await client.get(`/tools${query}`)) as ListedTool[]
  return own.length > 0 ? own : ((await client.get('/tools')) as ListedTool[])
}

async function browse(client: Client, segments: string[], options: CallOptions): Promise<void> {
  const prefix = segments.join('.').replace(/^tools\./, '')
  const match = options.match?.toLowerCase()
  const found = (await listTools(client, segments)).filter((tool) => {
    const path = tool.address.replace(/^tools\./, '')
    const text = `${path}\n${tool.description}`.toLowerCase()
    return path.startsWith(prefix) && (!match || text.includes(match))
  })
  const limit = Number(options.limit) || 50
  for (const tool of found.slice(0, limit)) {
    terminal.out(`${tool.address.replace(/^tools\./, '')}  ${firstLine(tool.description)}`)
  }
  if (found.length > limit) terminal.note(`… and ${found.length - limit} more: --match or --limit`)
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 100)
}
