import { z } from 'zod'
import { defineEvent } from './define.ts'

/** Characters of what is said about a reply: it names fields, and who replied chose their names. */
export const PROBLEM_CHARS_MAX = 2_000

/**
 * What a client of `/mcp` said to a prompt answered nothing, for whichever instance holds the client's
 * call: its user did not open the link, or there is a problem with what was filled in.
 */
export const promptLeftOpen = defineEvent(
  'gateway',
  'promptLeftOpen',
  z.object({
    interactionId: z.string(),
    problem: z.string().max(PROBLEM_CHARS_MAX).nullable(),
  }),
)

/** An agent that writes code has come to `/mcp`: it will have some executed soon. */
export const agentConnected = defineEvent('gateway', 'agentConnected', z.object({}))
