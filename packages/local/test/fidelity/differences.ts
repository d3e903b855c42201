import type { Call } from './call.ts'
import { isObject } from './document.ts'
import type { PartName, Parts } from './parts.ts'

/** One part of a request that swagger-client writes otherwise than we do. */
export interface Difference {
  part: PartName
  ours: Parts
  theirs: Parts
  call: Call
  isSwagger: boolean
}

/** A kind of difference where the specification is on our side. */
export interface KnownDifference {
  name: string
  /** What decides. */
  section: string
  covers(difference: Difference): boolean
}

/**
 * Where swagger-client and we differ, and what decides. Our bytes are compared with the
 * specification's in every call; this table only says why theirs are others.
 */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: 'A space in a form is "%20" to it, and "+" to the standard',
    section: 'WHATWG URL 5.2; OpenAPI 3.1.1 appendix E',
    covers: ({ part, ours, theirs, call }) =>
      part === 'body' && isUrlencoded(call) && sameFields(ours.body, theirs.body),
  },
  {
    name: 'Lists and nested values in deepObject lose their brackets',
    section: 'OpenAPI 3.1.1 4.8.12.6 leaves them open; servers that use them (Stripe) document a[]',
    covers: ({ part, call }) =>
      (part === 'body' || part === 'query') && deepValues(call).some(isDeep),
  },
  {
    name: 'A media type range is sent as if it were a media type',
    section: 'RFC 9110 8.3: Content-Type is a media type, "*/*" is none',
    covers: ({ part, call }) =>
      part === 'contentType' && call.body?.mediaType.includes('*') === true,
  },
  {
    name: 'JSON text that is a string goes without its quotes',
    section: 'RFC 8259 7',
    covers: ({ part, call }) =>
      part === 'body' && isJson(call) && typeof call.body?.value === 'string',
  },
  {
    name: 'Reserved characters of Swagger 2.0 parameters stay as they are',
    section: 'RFC 3986 2.2: data in a component encodes what could delimit',
    covers: ({ part, ours, theirs, isSwagger }) =>
      isSwagger &&
      (part === 'path' || part === 'query') &&
      decoded(ours[part]) === decoded(theirs[part]),
  },
  {
    name: 'A bracket in one path parameter of Swagger 2.0 leaves the next one unfilled',
    section: 'Swagger 2.0, "Path Templating": every template is replaced',
    covers: ({ part, theirs, call, isSwagger }) =>
      isSwagger &&
      part === 'path' &&
      call.parameters.some(({ parameter }) => theirs.path.includes(`%7B${parameter.name}%7D`)),
  },
  {
    name: 'Of several cookies only the last is sent, a list or an object as one encoded text',
    section: 'OpenAPI 3.1.1 4.8.12.1 and appendix D',
    covers: ({ part }) => part === 'cookie',
  },
  {
    name: 'Lists in forms are one field, objects in multipart lack their content type',
    section: 'OpenAPI 3.0.3 4.7.15, 3.1.1 4.8.15: each item is a field, an object application/json',
    covers: ({ part, call }) =>
      part === 'body' &&
      (isMultipart(call) || isUrlencoded(call)) &&
      Object.values(call.body?.value as object).some(isContainer),
  },
  {
    name: 'What follows "#" in a path is cut off with the parameters in it',
    section:
      'RFC 3986 3.5: a fragment is never sent; the description uses it to tell operations apart',
    covers: ({ part, call }) =>
      call.described.path.includes('#') && (part === 'path' || part === 'query'),
  },
  {
    name: 'Lists and objects in label that are not exploded are joined by dots',
    section: 'RFC 6570 3.2.5; OpenAPI 3.0.4 and 3.1.1 corrected the style table of 3.0.3',
    covers: ({ part, call }) =>
      part === 'path' &&
      call.parameters.some(
        ({ parameter, value }) =>
          parameter.style === 'label' && parameter.explode !== true && isContainer(value),
      ),
  },
  {
    name: 'Objects in spaceDelimited and pipeDelimited are joined by commas',
    section: 'OpenAPI 3.1.1 4.8.12.6, style examples',
    covers: ({ part, call }) =>
      part === 'query' &&
      call.parameters.some(
        ({ parameter, value }) =>
          /^(space|pipe)Delimited$/.test(String(parameter.style)) && isObject(value),
      ),
  },
]

function isUrlencoded({ body }: Call): boolean {
  return body?.mediaType.startsWith('application/x-www-form-urlencoded') === true
}

function isMultipart({ body }: Call): boolean {
  return body?.mediaType.startsWith('multipart/') === true
}

function isJson({ body }: Call): boolean {
  return body !== null && /[/+]json\b|\*\/\*/.test(body.mediaType)
}

function sameFields(one: string, other: string): boolean {
  const read = (text: string) => JSON.stringify([...new URLSearchParams(text)])
  return read(one) === read(other)
}

function decoded(part: string | string[]): string {
  return decodeURIComponent(String(part))
}

/** Every value that is written as deepObject, in the query or in a form. */
function deepValues({ parameters, body }: Call): unknown[] {
  const inQuery = parameters.flatMap(({ parameter, value }) =>
    parameter.style === 'deepObject' ? [value] : [],
  )
  const encoding = isObject(body?.media.encoding) ? body.media.encoding : {}
  const fields = isObject(body?.value) ? body.value : {}
  const inForm = Object.entries(fields).flatMap(([name, value]) => {
    const how = encoding[name]
    return isObject(how) && how.style === 'deepObject' ? [value] : []
  })
  return [...inQuery, ...inForm]
}

function isDeep(value: unknown): boolean {
  return Array.isArray(value) || (isObject(value) && Object.values(value).some(isContainer))
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
