import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
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
    .argument('<words...>', 'the tool, whole or as short as it is clear, then JSON or @file')
    .option('--base-url <url>', 'talk to this instance')
    .option('--match <text>', 'list the tools whose name or description holds this')
    .option('--limit <number>', 'how many to list', '50')
    .helpOption(false)
    .option('-h, --help', 'list the tools below a path')
    .action(async (words: string[], options: CallOptions) => {
      const client = await connectInstance(options)
      if (options.help || options.match) return browse(client, words, options)
      const { segments, args } = await parseWords(words)
      const tool = resolveToolPath(segments, await listTools(client, segments))
      await call(client, tool.address, args)
    })
}

async function call(client: Client, address: string, args: unknown): Promise<void> {
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

/** The last word is the arguments when it is JSON, or names a file that holds them. */
async function parseWords(words: string[]): Promise<{ segments: string[]; args: unknown }> {
  const last = words.at(-1) ?? ''
  if (words.length > 1 && (last.startsWith('{') || last.startsWith('@'))) {
    const text = last.startsWith('@') ? await readArgumentFile(last.slice(1)) : last
    return { segments: words.slice(0, -1), args: parseArguments(text) }
  }
  return { segments: words, args: {} }
}

async function readArgumentFile(path: string): Promise<string> {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
  } catch {
    throw new CommandFailure(`Cannot read ${path}.`)
  }
}

function parseArguments(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch (error) {
    throw new CommandFailure(
      `The arguments are not JSON: ${error instanceof Error ? error.message : ''}`,
    )
  }
  throw new CommandFailure('The arguments must be a JSON object: {"name": "value"}.')
}

/** The tools of the integration that the path begins with; of all when there is none of that name. */
async function listTools(client: Client, segments: string[]): Promise<ListedTool[]> {
  const [integration = ''] = segments
    .join('.')
    .replace(/^tools\./, '')
    .split('.')
  const own = (await client.get(
    `/tools?integration=${encodeURIComponent(integration)}`,
  )) as ListedTool[]
  return own.length > 0 ? own : ((await client.get('/tools')) as ListedTool[])
}

async function browse(client: Client, words: string[], options: CallOptions): Promise<void> {
  const { segments } = await parseWords(words)
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
