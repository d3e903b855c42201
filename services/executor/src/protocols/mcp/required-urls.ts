import { isServiceError } from '@executor/contracts'
import { z } from 'zod'
import type { ProtocolCall } from '../protocol.ts'
import { toQuestion } from './questions.ts'

/** JSON-RPC's code for a call that has to wait until a person was somewhere else. */
const URLS_REQUIRED = -32_042
const URLS_MAX = 10

const RequiredUrls = z.object({
  code: z.literal(URLS_REQUIRED),
  data: z.object({
    elicitations: z
      .array(
        z.object({
          mode: z.literal('url'),
          message: z.string(),
          url: z.string(),
          elicitationId: z.string().optional(),
        }),
      )
      .min(1)
      .max(URLS_MAX),
  }),
})

/** Sends a person to each address that a server wants visited before it does anything; true when all were. */
export async function visitRequiredUrls(
  error: unknown,
  { asker, signal }: ProtocolCall,
): Promise<boolean> {
  const required = RequiredUrls.safeParse(error)
  if (!asker || !required.success) return false
  try {
    for (const elicitation of required.data.data.elicitations) {
      const { action } = await asker.ask(toQuestion(elicitation), signal)
      if (action !== 'accept') return false
    }
    return true
  } catch (failure) {
    // The run goes on elsewhere: what this call answers is not used.
    if (signal.aborted || isServiceError(failure)) return false
    throw failure
  }
}
