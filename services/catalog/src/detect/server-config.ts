import { z } from 'zod'

const Text = z.string().max(32_768)
const Local = z.object({
  command: z.string().min(1).max(4096),
  args: z.array(z.coerce.string().max(32_768)).max(256).default([]),
  env: z.record(z.string().max(256), z.coerce.string().max(65_536)).default({}),
  cwd: Text.optional(),
})
const Remote = z.object({
  type: z.string().optional(),
  transport: z.string().optional(),
  headers: z.record(z.string().max(256), Text).default({}),
})

/** One server, as an MCP client's settings name it. */
export type McpServerEntry = { name: string } & (
  | ({ transport: 'stdio' } & z.infer<typeof Local>)
  | { transport: 'remote'; url: string; isSse: boolean; headers: Record<string, string> }
)

/** Settings are short; a long text in braces is a description. */
const CONFIG_CHARS_MAX = 200_000
const SERVERS_MAX = 50
/** Claude, Cursor and most others; VS Code; Zed. */
const HOLDERS = ['mcpServers', 'servers', 'context_servers', 'mcp_servers']

/**
 * The servers in an MCP client's settings: the whole file, its part about servers, or one server.
 * Null where the text is something else.
 */
export function readServerConfig(text: string): McpServerEntry[] | null {
  if (text.length > CONFIG_CHARS_MAX) return null
  const root = parse(text)
  if (!isObject(root)) return null
  const single = readEntry('', root)
  if (single) return [single]
  const nested = isObject(root.mcp) ? root.mcp : root
  const holder = HOLDERS.map((name) => nested[name]).find(isObject) ?? onlyServers(root)
  if (!holder) return null
  const entries = Object.entries(holder)
    .slice(0, SERVERS_MAX)
    .flatMap(([name, value]) => (isObject(value) ? (readEntry(name, value) ?? []) : []))
  return entries.length > 0 ? entries : null
}

/** `{"everything": {"command": …}}`: an entry that was copied without what it stood in. */
function onlyServers(root: Record<string, unknown>): Record<string, unknown> | null {
  const values = Object.values(root)
  const areServers = values.every((value) => isObject(value) && readEntry('', value) !== null)
  return values.length > 0 && areServers ? root : null
}

function readEntry(name: string, value: Record<string, unknown>): McpServerEntry | null {
  const address = value.url ?? value.serverUrl ?? value.httpUrl
  if (typeof value.command === 'string') {
    const local = Local.safeParse(value)
    return local.success ? { name, transport: 'stdio', ...local.data } : null
  }
  if (typeof address !== 'string' || !/^https?:\/\//i.test(address)) return null
  const remote = Remote.safeParse(value)
  if (!remote.success) return null
  const { type, transport, headers } = remote.data
  return { name, transport: 'remote', url: address, isSse: (type ?? transport) === 'sse', headers }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Settings are often copied with comments and a comma too many.
    return parseLoosely(text)
  }
}

function parseLoosely(text: string): unknown {
  const strings = /"(?:[^"\\]|\\.)*"/
  const bare = text.replace(
    new RegExp(`(${strings.source})|//[^\\n]*|/\\*[\\s\\S]*?\\*/|,(?=\\s*[}\\]])`, 'g'),
    (_, kept: string | undefined) => kept ?? '',
  )
  try {
    return JSON.parse(bare)
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
