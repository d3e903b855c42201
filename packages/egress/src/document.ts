import type { EgressRequest, EgressResponse } from './request.ts'
import { decodeText } from './text.ts'

export interface DocumentOptions {
  headers?: Readonly<Record<string, string>>
  maxBytes?: number
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** Headers that hold credentials; they never follow to another origin. */
  credentialHeaders?: readonly string[]
}

export interface Document {
  text: string
  /** Where it came from, after redirects: what its relative references are relative to. */
  url: string
  /** The media type without parameters, in lower case; empty when the server names none. */
  contentType: string
  status: number
}

const DOCUMENT_TIMEOUT_MS = 60_000

/** Reads one text document in the character set it declares. */
export async function fetchDocument(
  request: (input: EgressRequest) => Promise<EgressResponse>,
  url: string | URL,
  options: DocumentOptions = {},
): Promise<Document> {
  const { headers, maxBytes, timeoutMs = DOCUMENT_TIMEOUT_MS, signal, credentialHeaders } = options
  const response = await request({
    url,
    headers: { accept: '*/*', ...headers },
    timeoutMs,
    bodyTimeoutMs: timeoutMs,
    signal,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(credentialHeaders === undefined ? {} : { credentials: { headers: credentialHeaders } }),
  })
  const declared = String(response.headers['content-type'] ?? '')
  return {
    text: decodeText(response.body, declared),
    url: response.url,
    contentType: (declared.split(';', 1)[0] ?? '').trim().toLowerCase(),
    status: response.status,
  }
}
