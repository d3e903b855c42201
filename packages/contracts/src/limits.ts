/** Milliseconds a request waits for its answer when its method says nothing else. */
export const REQUEST_TIMEOUT_MS = 15_000
/** The largest message, request or reply, on either transport. */
export const PAYLOAD_BYTES_MAX = 64 * 1024 * 1024
/** The largest source document: downloaded, pasted or uploaded. */
export const DOCUMENT_BYTES_MAX = 48 * 1024 * 1024
/** Tools in one page of their list: most descriptions fit one. */
export const TOOL_ROWS_MAX = 2_000
/**
 * Milliseconds for which an executor may act on what a service has told it, where several processes
 * share a database: counted from before it asked. A change is answered once they are over, so that it
 * is in force for every call that starts after the answer.
 */
export const LEASE_MS = 250
