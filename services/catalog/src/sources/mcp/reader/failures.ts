import { DocumentError } from '../../openapi/reader/document-error.ts'

/** What a server says of itself cannot be read. */
export const OFFER_UNREADABLE = 'mcp_offer_unreadable'

export function offerUnreadable(message: string): DocumentError {
  return new DocumentError(OFFER_UNREADABLE, message)
}

export function toolUnreadable(tool: string, why: string): DocumentError {
  return offerUnreadable(`The tool "${tool.slice(0, 100)}" cannot be read: ${why}.`)
}
