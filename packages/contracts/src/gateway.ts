import { z } from 'zod'
import { defineEvent } from './define.ts'

/**
 * A client of `/mcp` did not open the link to a question. That answers nothing; whichever instance
 * holds the client's call waits no longer.
 */
export const promptDismissed = defineEvent(
  'gateway',
  'promptDismissed',
  z.object({ interactionId: z.string() }),
)
