import { readFile, stat } from 'node:fs/promises'
import {
  type AuthMethod,
  Detection,
  ImportResult,
  methodVariables,
  NO_AUTH_TEMPLATE,
} from '@executor/contracts'
import type { Command } from 'commander'
import type { Client } from '../client.ts'
import { describeDetection } from '../describe-detection.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { terminal } from '../terminal.ts'

interface AddOptions {
  baseUrl?: string
  kind?: string
  name?: string
  slug?: string
  endpoint?: string
  check?: boolean
}

export function addAdd(program: Command): void {
  program
    .command('add')
    .description(
      'Add an integration: a URL, a file, a preset, a command, or "-" for standard input',
    )
    .argument('<what...>', 'what to add; before options that are its own put --')
    .option('--base-url <url>', 'talk to this instance')
    .option('--kind <kind>', 'take it for this: openapi, graphql or mcp')
    .option('--name <name>', 'call it this')
    .option('--slug <slug>', 'its name in the addresses of its tools')
    .option('--endpoint <url>', 'where a pasted GraphQL schema is answered')
    .option('--check', 'say what would be added, and add nothing')
    .allowUnknownOption()
    .action(async (words: string[], options: AddOptions) => {
      const client = await connectInstance(options)
      const input = await readInput(words)
      const found = Detection.array().parse(await client.post('/integrations/detect', { input }))
      const chosen = choose(found, options)
      for (const line of describeDetection(chosen, found)) terminal.note(line)
      if (options.check) return terminal.json(found)
      await add(client, chosen, input, options)
    })
}

/** A file is read here: the instance may run elsewhere. */
async function readInput(words: readonly string[]): Promise<string> {
  const [first = '', ...others] = words
  if (others.length > 0) return words.map(quote).join(' ')
  if (first === '-') return readFile('/dev/stdin', 'utf8')
  return (await isFile(first)) ? readFile(first, 'utf8') : first
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    // Whatever it is, it is no file of ours.
    return false
  }
}

/** The shell took the quotes away; whoever splits the line again needs them. */
function quote(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function choose(found: readonly Detection[], { kind }: AddOptions): Detection {
  const chosen = kind === undefined ? found[0] : found.find((one) => one.kind === kind)
  if (chosen) return chosen
  const kinds = found.map((one) => one.kind).join(', ') || 'nothing'
  throw new CommandFailure(`It cannot be added as ${kind}: it is ${kinds}.`)
}

/** Not every kind knows its tools before somebody connects. */
const Added = ImportResult.partial().required({ slug: true })

async function add(
  client: Client,
  { add: request, missing = [], authMethods, credential }: Detection,
  text: string,
  { name, slug, endpoint }: AddOptions,
): Promise<void> {
  if (!request) throw new CommandFailure('This instance does not say how it is added.')
  if (missing.includes('endpoint') && endpoint === undefined) {
    throw new CommandFailure('The schema does not say where it is answered: give --endpoint <url>.')
  }
  const pasted = missing.filter((field) => field !== 'endpoint')
  const body = {
    ...request.body,
    ...Object.fromEntries(pasted.map((field) => [field, text])),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(name === undefined ? {} : { name }),
    ...(slug === undefined ? {} : { slug }),
  }
  const added = Added.parse(await client.post(request.path.replace(/^\/api/, ''), body))
  const count = added.toolCount === undefined ? '' : `, with ${added.toolCount} tools`
  terminal.out(added.slug)
  terminal.note(`Added ${added.slug}${count}.`)
  await sayWhatIsNext(client, added.slug, authMethods ?? [], credential)
}

/** What asks for nothing is connected at once; for the rest a person needs to know what it asks for. */
async function sayWhatIsNext(
  client: Client,
  slug: string,
  methods: readonly AuthMethod[],
  credential: Detection['credential'],
): Promise<void> {
  const existing = await client.get(`/connections?integration=${encodeURIComponent(slug)}`)
  const isOpen = methods.length === 0 || methods.every(({ kind }) => kind === 'none')
  if (isOpen && Array.isArray(existing) && existing.length === 0) {
    await client.post('/connections', {
      owner: 'org',
      integration: slug,
      name: 'default',
      template: NO_AUTH_TEMPLATE,
    })
  }
  if (isOpen) return terminal.note(`Next: executor call ${slug} --help`)
  const inputs = methods.map((method) => {
    const values = method.kind === 'none' ? [] : methodVariables(method)
    const asks = method.kind === 'oauth2' ? 'sign in' : values.join(' and ') || 'nothing'
    return `  ${method.slug}: ${method.label ?? method.kind} (${asks})`
  })
  terminal.note(`It needs a credential, one of:\n${inputs.join('\n')}`)
  if (credential) {
    terminal.note(`  ${credential.hint}${credential.url ? ` ${credential.url}` : ''}`)
  }
  terminal.note(`Next: connect it at ${client.origin}/integrations/${slug}?addAccount=1`)
}
