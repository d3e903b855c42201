/** One request as it came over the wire. */
export interface WireRequest {
  at: number
  method: string
  path: string
  /** Raw, without its question mark. */
  query: string
  /** As they were sent, names in lower case. */
  headers: Record<string, string>
  body: string
}
