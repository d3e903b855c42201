/** The largest event or job. Both are references to rows, never the rows' contents. */
export const MESSAGE_BYTES_MAX = 512 * 1024
/** Requests one process works on, or waits for, at once: past this it is drowning, not busy. */
export const REQUESTS_IN_FLIGHT_MAX = 10_000
/** Jobs that wait in one service's queues. */
export const JOBS_WAITING_MAX = 100_000
/** Milliseconds in which a second job with the same id is the same job. */
export const DEDUPLICATION_WINDOW_MS = 120_000
export const ERROR_REASON_CHARS_MAX = 128
export const ERROR_MESSAGE_CHARS_MAX = 4096
export const ERROR_DETAILS_CHARS_MAX = 65_536
