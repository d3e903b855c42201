import { isDeeperThan } from '@executor/contracts'
import { z } from 'zod'

/** Levels of a block, which holds texts and notes about them. */
const LEVELS_MAX = 32

/** No pattern with repetitions: those run out of memory on what files come to. */
const Base64 = z.string().refine((text) => {
  const digits = text.replace(/={1,2}$/, '')
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(digits)
})

const Noted = {
  annotations: z
    .looseObject({
      audience: z.array(z.enum(['user', 'assistant'])).optional(),
      priority: z.number().min(0).max(1).optional(),
      lastModified: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
}
const Contents = {
  uri: z.string(),
  mimeType: z.string().optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
}
const Icon = z.looseObject({
  src: z.string(),
  mimeType: z.string().optional(),
  sizes: z.array(z.string()).optional(),
  theme: z.enum(['light', 'dark']).optional(),
})

/** `ContentBlock` of MCP 2025-11-25: clients refuse a whole result for one block that is none. */
const Block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string(), ...Noted }),
  z.looseObject({ type: z.literal('image'), data: Base64, mimeType: z.string(), ...Noted }),
  z.looseObject({ type: z.literal('audio'), data: Base64, mimeType: z.string(), ...Noted }),
  z.looseObject({
    type: z.literal('resource_link'),
    uri: z.string(),
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    mimeType: z.string().optional(),
    size: z.number().optional(),
    icons: z.array(Icon).optional(),
    ...Noted,
  }),
  z.looseObject({
    type: z.literal('resource'),
    resource: z.union([
      z.looseObject({ ...Contents, text: z.string() }),
      z.looseObject({ ...Contents, blob: Base64 }),
    ]),
    ...Noted,
  }),
])

export type ContentBlock = Record<string, unknown> & { type: string }

export function isContentBlock(value: unknown): value is ContentBlock {
  return !isDeeperThan(value, LEVELS_MAX) && Block.safeParse(value).success
}
