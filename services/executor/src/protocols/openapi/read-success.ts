import type { HttpInfo } from '@executor/contracts'
import { decodeText, type EgressResponse, isWellEncoded } from '@executor/egress'
import { isJson } from '../is-json.ts'
import type { Mask } from '../mask.ts'
import { kindOf, mediaTypeOf } from './media-type.ts'
import type { OperationPlan } from './plan.ts'
import { headerText, usefulHeaders } from './response-headers.ts'
import { joinLines, parseEvents } from './stream.ts'
import { toToolFile } from './tool-file.ts'

/** JSON text of the data, or why there is none. */
export type Reading = { data: string; http: HttpInfo } | { invalid: string; http: HttpInfo }

/** What a successful answer holds, by what it says it is and by what the description says. */
export async function readSuccess(
  plan: OperationPlan,
  response: EgressResponse,
  mask: Mask,
): Promise<Reading> {
  const { status, headers, body } = response
  const http = { status, headers: usefulHeaders(headers) }
  if (body.length === 0) return { data: 'null', http }
  const contentType = headerText(headers, 'content-type')
  const mediaType = mediaTypeOf(contentType)
  const invalid = (what: string): Reading => ({ invalid: what, http })
  switch (kindOf(mediaType)) {
    case 'json':
      return readJson(body, contentType, http)
    case 'events':
    case 'lines':
      return readStream(response, contentType, http)
    case 'html':
      return expectsOnlyJson(plan, status)
        ? invalid('an HTML page instead of JSON')
        : { data: JSON.stringify(decodeText(body, contentType)), http }
    case 'text':
      return readText(plan, response, contentType, http)
    case 'binary':
      if (mediaType === 'application/octet-stream' && expectsOnlyJson(plan, status)) {
        const reading = await readJson(body, contentType, http)
        if ('data' in reading) return reading
      }
      return { data: JSON.stringify(toToolFile(mask.bytes(body), mediaType, headers)), http }
    case 'unknown':
      return readUnknown(plan, response, mask, http)
  }
}

async function readJson(body: Buffer, contentType: string, http: HttpInfo): Promise<Reading> {
  if (!isWellEncoded(body, contentType)) return { invalid: 'JSON that is not valid UTF-8', http }
  const text = decodeText(body, contentType)
  return (await isJson(text))
    ? { data: text, http }
    : { invalid: 'something that is not valid JSON', http }
}

/** Text is text, but for JSON that its server calls text. */
async function readText(
  plan: OperationPlan,
  { status, body }: EgressResponse,
  contentType: string,
  http: HttpInfo,
): Promise<Reading> {
  const text = decodeText(body, contentType)
  if (expectsOnlyJson(plan, status) && looksLikeJson(text))
    return (await isJson(text))
      ? { data: text, http }
      : { invalid: 'JSON that breaks off or is broken', http }
  return { data: JSON.stringify(text), http }
}

/** The server does not say what it sends, or says something nobody knows. */
async function readUnknown(
  plan: OperationPlan,
  { status, headers, body }: EgressResponse,
  mask: Mask,
  http: HttpInfo,
): Promise<Reading> {
  const contentType = headerText(headers, 'content-type')
  if (isWellEncoded(body, '') && !body.includes(0)) {
    const text = decodeText(body, contentType)
    if (looksLikeJson(text) && (await isJson(text))) return { data: text, http }
    if (contentType === '' || contentType === '*/*')
      return expectsOnlyJson(plan, status)
        ? { invalid: 'something that is not valid JSON', http }
        : { data: JSON.stringify(text), http }
  }
  return {
    data: JSON.stringify(toToolFile(mask.bytes(body), mediaTypeOf(contentType), headers)),
    http,
  }
}

function readStream(
  { body, truncated }: EgressResponse,
  contentType: string,
  http: HttpInfo,
): Reading {
  const isEvents = kindOf(mediaTypeOf(contentType)) === 'events'
  const text = decodeText(body, contentType)
  http.headers['x-executor-stream'] = isEvents ? 'events' : 'lines'
  if (truncated !== false) http.headers['x-executor-stream-truncated'] = truncated
  if (isEvents)
    return {
      data: JSON.stringify(parseEvents(`${text}${truncated === false ? '\n\n' : ''}`)),
      http,
    }
  try {
    return { data: joinLines(text, truncated !== false), http }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { invalid: 'a line that is not valid JSON', http }
  }
}

/** Whether the description promises JSON for this status, and nothing else. */
export function expectsOnlyJson(plan: OperationPlan, status: number): boolean {
  const exact = String(status)
  const range = `${exact[0]}XX`
  const described =
    plan.responses.find((response) => response.status === exact) ??
    plan.responses.find((response) => response.status.toUpperCase() === range) ??
    plan.responses.find((response) => response.status === 'default')
  const types = described?.mediaTypes ?? []
  return types.length > 0 && types.every((type) => kindOf(mediaTypeOf(type)) === 'json')
}

function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text)
}
