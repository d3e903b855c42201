import type { AuthMethod, Detection } from '@executor/contracts'
import { toSlug } from '../sources/source.ts'
import type { McpServerEntry } from './server-config.ts'

/** A server that settings or a command line name. Nothing is started or asked before it is added. */
export function describeServer(entry: McpServerEntry): Detection {
  const name = entry.name || nameOf(entry)
  const common = { kind: 'mcp', confidence: 'high' as const, name, slug: toSlug(name) }
  if (entry.transport === 'remote') {
    const { url, isSse, headers } = entry
    const secrets = Object.keys(headers).filter(isSecret)
    const open = Object.entries(headers).filter(([header]) => !isSecret(header))
    const methods = secrets.map((header) => headerMethod(header, headers[header] ?? ''))
    return {
      ...common,
      endpoint: url,
      authMethods: methods,
      input: {
        transport: 'remote',
        name,
        endpoint: url,
        remoteTransport: isSse ? 'sse' : 'auto',
        ...(open.length > 0 ? { headers: Object.fromEntries(open) } : {}),
        ...(methods.length > 0 ? { authenticationTemplate: methods } : {}),
      },
      ...noteSecrets(secrets, headers),
    }
  }
  const { command, args, env, cwd } = entry
  const secrets = Object.keys(env).filter(isSecret)
  const open = Object.entries(env).filter(([variable]) => !isSecret(variable))
  return {
    ...common,
    endpoint: [command, ...args].join(' '),
    authMethods:
      secrets.length > 0
        ? [
            {
              slug: 'env',
              kind: 'env',
              origin: 'detected',
              placements: secrets.map((variable) => ({
                carrier: 'env',
                name: variable,
                variable,
              })),
            },
          ]
        : [],
    input: {
      transport: 'stdio',
      name,
      command,
      args,
      ...(open.length > 0 ? { env: Object.fromEntries(open) } : {}),
      ...(secrets.length > 0 ? { envVars: secrets } : {}),
      ...(cwd === undefined ? {} : { cwd }),
    },
    ...noteSecrets(secrets, env),
  }
}

/** What its name says is a secret never comes back: a connection holds it. */
function isSecret(name: string): boolean {
  return /key|token|secret|passw|auth|credential|cookie/i.test(name)
}

function noteSecrets(
  names: readonly string[],
  values: Record<string, string>,
): Pick<Detection, 'warnings'> {
  const filled = names.filter((name) => values[name] !== '')
  if (filled.length === 0) return {}
  return {
    warnings: [`${filled.join(', ')} is left out: connect it with the value once it is added.`],
  }
}

function headerMethod(name: string, value: string): AuthMethod {
  const [, prefix] = /^(Bearer|Token|Basic) /i.exec(value) ?? []
  return {
    slug: toSlug(name),
    kind: 'apikey',
    label: name,
    origin: 'custom',
    placements: [{ carrier: 'header', name, ...(prefix ? { prefix: `${prefix} ` } : {}) }],
  }
}

/** `npx -y @modelcontextprotocol/server-everything@1.0` is `everything`. */
function nameOf(entry: McpServerEntry): string {
  if (entry.transport === 'remote') return URL.parse(entry.url)?.hostname ?? 'MCP'
  const { command, args } = entry
  const words = args.filter((word) => !word.startsWith('-') && !SUBCOMMANDS.has(word))
  const isLauncher = LAUNCHER.test(command)
  const [told = command] = isLauncher ? words : [command]
  const bare = told
    .replace(/(?<=.)@[^/@]*$/, '')
    .split(/[\\/:]/)
    .filter((part) => !/^(?:index|server|main|dist|build|src|latest)(?:\.\w+)?$/.test(part))
    .at(-1)
  const name = (bare ?? told).replace(/\.\w{1,3}$/, '')
  return name.replace(/^(?:mcp-server-|server-|mcp-)|(?:-mcp-server|-mcp|-server)$/g, '') || name
}

const LAUNCHER =
  /(?:^|[\\/])(?:bun|bunx|deno|docker|node|npm|npx|pipx|pnpm|podman|python3?|uvx?|yarn)$/
const SUBCOMMANDS = new Set(['run', 'exec', 'dlx', 'x', 'tool', 'start'])

/** A command line as a server's entry; variables before the command are its environment. */
export function entryOfCommand(words: readonly string[]): McpServerEntry {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  const env = Object.fromEntries(
    words.slice(0, Math.max(0, start)).map((word) => {
      const at = word.indexOf('=')
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
  const [command = '', ...args] = words.slice(Math.max(0, start))
  return { name: '', transport: 'stdio', command, args, env }
}
