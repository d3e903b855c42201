import { Connection } from '@executor/contracts'
import { z } from 'zod'

/** A connection as clients know it. */
export const ConnectionView = Connection.extend({
  /** What an OAuth grant lacks of what the integration asks for. */
  missingOAuthScopes: z.array(z.string()),
})

export function toConnectionView(connection: Connection): z.infer<typeof ConnectionView> {
  return { ...connection, missingOAuthScopes: [] }
}
