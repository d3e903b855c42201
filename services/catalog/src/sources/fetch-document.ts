import { decodeText, type Egress } from '@executor/egress'
import type { FetchDocument } from './source.ts'

const ACCEPT = 'application/json, application/yaml;q=0.9, */*;q=0.8'

/** Downloads through the egress guard, and leaves decoding to whoever reads off the main thread. */
export function createFetchDocument(egress: Pick<Egress, 'request'>): FetchDocument {
  return async (url, { maxBytes, timeoutMs, signal }) => {
    const response = await egress.request({
      url,
      headers: { accept: ACCEPT },
      maxBytes,
      timeoutMs,
      bodyTimeoutMs: timeoutMs,
      signal,
    })
    const contentType = String(response.headers['content-type'] ?? '')
    const isOtherCharset = /charset=(?!"?utf-?8)/i.test(contentType)
    return {
      text: isOtherCharset ? decodeText(response.body, contentType) : response.body,
      url: response.url,
      contentType,
      status: response.status,
    }
  }
}
