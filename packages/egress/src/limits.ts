/** Until a connection stands, name resolution and TLS included. */
export const CONNECT_TIMEOUT_MS = 10_000
/** From the request's last byte to the response's headers. */
export const HEADERS_TIMEOUT_MS = 110_000
/** From the response's headers to its last byte, however steadily it drips. */
export const BODY_TIMEOUT_MS = 60_000
/** Everything: waiting for a free connection, redirects and the second attempt included. */
export const TOTAL_TIMEOUT_MS = 175_000
/** A response body, before and after decompression. */
export const RESPONSE_BYTES_MAX = 32 * 1024 * 1024
export const REDIRECTS_MAX = 10
export const RESPONSE_HEADER_BYTES_MAX = 64 * 1024
/** Requests beyond it wait for a free connection. */
export const CONNECTIONS_PER_ORIGIN_MAX = 64
/** What a keep-alive connection idles before we close it, where the server does not say. */
export const KEEP_ALIVE_MS = 10_000
export const KEEP_ALIVE_MAX_MS = 60_000
/** Whatever came before a redirect is thrown away; more than this is not worth reading. */
export const REDIRECT_BODY_BYTES_MAX = 64 * 1024
/** Content codings stacked on one body. */
export const CODINGS_MAX = 3
