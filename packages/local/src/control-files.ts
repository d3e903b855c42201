import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const CONTROL_FOLDER = 'server-control'
const TOKEN_BYTES = 32

const Tokens = z.object({ token: z.string().min(1), agentToken: z.string().min(1).optional() })

/** What a running instance writes of itself for command lines on the same machine. */
export const ServerManifest = z.object({
  version: z.literal(1),
  kind: z.enum(['cli-daemon', 'desktop-sidecar', 'foreground']),
  pid: z.number().int(),
  startedAt: z.string(),
  dataDir: z.string(),
  scopeDir: z.string(),
  connection: z.object({
    origin: z.string(),
    auth: z.object({ kind: z.literal('bearer'), token: z.string() }),
  }),
  owner: z.object({ client: z.string(), version: z.string() }),
})
export type ServerManifest = z.infer<typeof ServerManifest>

/**
 * The two bearers of a data directory: what is given wins, what was made before is kept, what is
 * missing is made. The file is readable by its owner alone.
 */
export async function ensureTokens(
  dataDir: string,
  given: { authToken?: string | undefined; agentToken?: string | undefined },
): Promise<{ ownerToken: string; agentToken: string }> {
  const path = join(dataDir, CONTROL_FOLDER, 'auth.json')
  const kept = await readJson(path, Tokens)
  const made = {
    token: kept?.token ?? makeToken(),
    agentToken: kept?.agentToken ?? makeToken(),
  }
  if (!kept?.agentToken) await writePrivate(path, made)
  return {
    ownerToken: given.authToken ?? made.token,
    agentToken: given.agentToken ?? made.agentToken,
  }
}

/** The manifest of the instance that last ran on a data directory; null when there is none. */
export async function findManifest(dataDir: string): Promise<ServerManifest | null> {
  return readJson(manifestPath(dataDir), ServerManifest)
}

export async function writeManifest(dataDir: string, manifest: ServerManifest): Promise<void> {
  await writePrivate(manifestPath(dataDir), manifest)
}

export async function removeManifest(dataDir: string): Promise<void> {
  await rm(manifestPath(dataDir), { force: true })
}

function manifestPath(dataDir: string): string {
  return join(dataDir, CONTROL_FOLDER, 'server.json')
}

function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    // Half-written by a process that died: as good as absent.
    return null
  }
}

/** Replaced in one step, so that a reader never sees half of it. */
async function writePrivate(path: string, content: object): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, path)
}
