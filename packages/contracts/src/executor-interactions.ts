import { z } from 'zod'
import { JsonObject, PageInput, Timestamp } from './json.ts'
import { Via } from './principal.ts'

export const InteractionStatus = z.enum(['open', 'accepted', 'declined', 'cancelled', 'expired'])
export type InteractionStatus = z.infer<typeof InteractionStatus>

/**
 * `approval`: whether a call may be sent. The others are asked by an upstream while a call is under
 * way: `form` wants values, `url` wants a page opened, `sampling` wants what the model of the run's
 * own MCP client says.
 */
export const InteractionKind = z.enum(['approval', 'form', 'url', 'sampling'])
export type InteractionKind = z.infer<typeof InteractionKind>

/** A question to a person, and what came of it. */
export const Interaction = z.object({
  id: z.string(),
  runId: z.string(),
  kind: InteractionKind,
  message: z.string(),
  address: z.string(),
  arguments: z.unknown(),
  /** SHA-256 of address, arguments and question: an answer counts for exactly this. */
  digest: z.string(),
  requestedSchema: z.unknown().optional(),
  url: z.string().optional(),
  /** `sampling`: CreateMessageRequest params of MCP. */
  request: z.unknown().optional(),
  status: InteractionStatus,
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  answeredVia: Via.nullable(),
})
export type Interaction = z.infer<typeof Interaction>

export const Answer = z.enum(['accept', 'decline', 'cancel'])
export type Answer = z.infer<typeof Answer>

/** The methods of `executor` that are about questions to people. */
export const interactionMethods = {
  /**
   * Answers an open interaction, once. The same answer again is answered as it was; another one is
   * refused (`interaction_answered`). Who may: the run's own subject or an administrator, and an
   * agent only where the instance allows it, or its model is what is asked. What is filled in has to
   * fit the question (`content_invalid`); the question stays open where it does not.
   */
  answerInteraction: {
    input: z.object({
      id: z.string().max(64),
      action: Answer,
      content: JsonObject.optional(),
      /** What the person saw; refused when it is not what would be sent. */
      digest: z.string().max(128).optional(),
      /** Lets this tool pass so many more times in this run. */
      grant: z.number().int().min(1).max(1000).optional(),
    }),
    output: Interaction,
    access: 'call',
  },
  getInteraction: {
    input: z.object({ id: z.string().max(64) }),
    output: Interaction,
    access: 'read',
  },
  listInteractions: {
    input: z.object({
      status: InteractionStatus.optional(),
      runId: z.string().max(64).optional(),
      ...PageInput,
    }),
    output: z.object({ items: z.array(Interaction), nextCursor: z.string().optional() }),
    access: 'read',
  },
} as const
