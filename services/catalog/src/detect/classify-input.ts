import { type McpServerEntry, readServerConfig } from './server-config.ts'
import { splitCommand } from './split-command.ts'

/** What somebody put into the box. */
export type DetectInput =
  | { type: 'url'; url: string }
  | { type: 'document'; text: string }
  | { type: 'servers'; servers: McpServerEntry[] }
  | { type: 'command'; words: string[] }
  /** A name, which may be a preset's; or nothing that is known. */
  | { type: 'name'; text: string }

const URL_CHARS_MAX = 2048
const COMMAND_CHARS_MAX = 8192

/** Tells addresses, documents, settings of MCP servers, commands and names apart by their look. */
export function classifyInput(given: string): DetectInput {
  const text = given.trim()
  if (text.length <= URL_CHARS_MAX) {
    const url = toUrl(text)
    if (url !== null) return { type: 'url', url }
  }
  if (/^[{[]/.test(text)) {
    const servers = readServerConfig(text)
    return servers ? { type: 'servers', servers } : { type: 'document', text }
  }
  if (isDocument(text)) return { type: 'document', text }
  const words = text.length <= COMMAND_CHARS_MAX ? splitCommand(text) : null
  if (words && isCommand(words)) return { type: 'command', words }
  return { type: 'name', text }
}

/** `https://…`, or a host as people write it: with a dot in it or a port, and no spaces. */
function toUrl(text: string): string | null {
  if (/\s/.test(text)) return null
  if (/^https?:\/\//i.test(text)) return text
  if (/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/\S*)?$/i.test(text)) return `http://${text}`
  const isHost = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?$/i.test(text)
  return isHost && !/\.(?:js|mjs|cjs|ts|py|sh|exe)$/i.test(text) ? `https://${text}` : null
}

/** XML is a document too: whoever reads it says what was wrong with it. */
function isDocument(text: string): boolean {
  if (text.startsWith('<')) return true
  if (!text.includes('\n')) return /^(?:type|schema|interface|input|enum) .*\{.*\}\s*$/.test(text)
  return /^(?:---|%YAML|#|""")|^["']?[\w$-]+["']?\s*:(?:\s|$)|^(?:type|schema|extend|interface|directive|scalar|enum|input|union)\b/m.test(
    text.slice(0, DOCUMENT_HEAD_CHARS),
  )
}
const DOCUMENT_HEAD_CHARS = 10_000

const LAUNCHERS = new Set([
  'bun',
  'bunx',
  'deno',
  'docker',
  'go',
  'java',
  'node',
  'npm',
  'npx',
  'pipx',
  'pnpm',
  'podman',
  'python',
  'python3',
  'uv',
  'uvx',
  'yarn',
])

/** One word is a command only when it is a path; several when the first of them starts programs. */
function isCommand(words: readonly string[]): boolean {
  const [first = '', ...rest] = words.slice(words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)))
  const program =
    first
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.exe$/i, '') ?? ''
  if (/^(?:\.{0,2}\/|[A-Za-z]:\\)/.test(first)) return true
  if (LAUNCHERS.has(program)) return rest.length > 0
  return rest.some((word) => word.startsWith('-')) || /\.(?:js|mjs|cjs|ts|py)$/.test(first)
}
