import { z } from 'zod'
import { AuthMethod } from './auth-method.ts'
import { JsonObject, PageInput } from './json.ts'
import { DOCUMENT_BYTES_MAX } from './limits.ts'
import { Preset } from './preset.ts'

/** What a client pays for tools in its context, in tokens. */
const TokenEstimate = z.object({
  /** Each operation as a tool of its own, which no mode of ours does. */
  direct: z.number().int(),
  /** What the endpoint's own tools take, whatever is added. */
  code: z.number().int().optional(),
  passthrough: z.number().int().optional(),
})

/** Something that an address, a document, a command or a name could be added as. */
export const Detection = z.object({
  kind: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  /** Where it is, or how it is started; empty where that is not known. */
  endpoint: z.string(),
  name: z.string(),
  slug: z.string(),
  description: z.string().optional(),
  /** The preset that it is, by its id. */
  preset: z.string().optional(),
  authMethods: z.array(AuthMethod).optional(),
  credential: Preset.shape.credential.optional(),
  /** Absent where that is known only once it has been added. */
  estimate: z.object({ operations: z.number().int(), tokens: TokenEstimate }).optional(),
  warnings: z.array(z.string()).optional(),
  /** What its kind is given to add it, but for what is `missing`. */
  input: JsonObject.optional(),
  /** Fields of the input that only a person can tell; a pasted document is not repeated either. */
  missing: z.array(z.string()).optional(),
  /** The same as a request. */
  add: z.object({ method: z.string(), path: z.string(), body: JsonObject }).optional(),
})
export type Detection = z.infer<typeof Detection>

export const ImportResult = z.object({
  slug: z.string(),
  toolCount: z.number().int(),
  addedTools: z.array(z.string()),
  removedTools: z.array(z.string()),
  changedTools: z.array(z.string()),
  /** Those that wait for review; they are in none of the lists above. */
  heldTools: z.array(z.string()).optional(),
  warnings: z.array(z.string()),
})
export type ImportResult = z.infer<typeof ImportResult>

/** Reading, parsing and storing a large description takes longer than an ordinary request. */
export const IMPORT_TIMEOUT_MS = 120_000

/** The methods of `catalog` that are about what integrations can be made of, and making them. */
export const sourceMethods = {
  detectSource: {
    /** An address, a document, settings of MCP servers, a command line, or a preset's name. */
    input: z.object({ input: z.string().min(1).max(DOCUMENT_BYTES_MAX) }),
    output: z.array(Detection),
    access: 'read',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  /** Well-known integrations that are added by their name. */
  listPresets: {
    input: z.object({
      query: z.string().max(200).optional(),
      kind: z.string().max(64).optional(),
      family: z.string().max(64).optional(),
      ...PageInput,
    }),
    output: z.object({ items: z.array(Preset), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /** Reads a source and says what it would add; saves nothing. `input` is the kind's own, or a preset. */
  previewSource: {
    input: z.object({ kind: z.string(), input: z.unknown() }),
    output: z.unknown(),
    access: 'read',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
  addIntegration: {
    input: z.object({ kind: z.string(), input: z.unknown() }),
    output: ImportResult,
    access: 'manage',
    timeoutMs: IMPORT_TIMEOUT_MS,
  },
} as const
