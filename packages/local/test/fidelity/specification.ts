import { parseTemplate } from 'url-template'
import type { Call } from './call.ts'
import { type DescribedParameter, isObject, type JsonObject } from './document.ts'
import { isFileField } from './files.ts'
import { type Parts, sortPairs } from './parts.ts'

/**
 * What the specification says a call looks like on the wire, made with reference implementations:
 * RFC 6570 by url-template (OpenAPI 3.1.1, appendix C says which template each style is), forms by
 * `URLSearchParams`, multipart by `FormData`, JSON by `JSON.stringify`.
 */
export async function expectParts(call: Call, version: string): Promise<Parts> {
  const isSwagger = version === '2.0'
  const { described, parameters, body } = call
  const inPlace = (place: string) => parameters.filter(({ parameter }) => parameter.in === place)
  const [route = ''] = described.path.split('#', 1)
  const path = route.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const found = inPlace('path').find(({ parameter }) => parameter.name === name)
    return found ? expandOne(found.parameter, found.value, isSwagger, '') : whole
  })
  const [pathname = '', fixed = ''] = encodeURI(path).replace(/%25/g, '%').split('?', 2)
  const query = inPlace('query').flatMap(({ parameter, value }) => {
    const text = expandOne(parameter, value, isSwagger, '?')
    return text === '' ? [] : text.split('&')
  })
  const cookie = inPlace('cookie').map(({ parameter, value }) =>
    expandOne(parameter, value, isSwagger, '?').replaceAll('&', '; '),
  )
  return {
    method: described.method,
    path: pathname,
    query: sortPairs([...(fixed === '' ? [] : fixed.split('&')), ...query]),
    headers: Object.fromEntries(
      inPlace('header').map(({ parameter, value }) => [
        parameter.name.toLowerCase(),
        decodeURIComponent(expandOne(parameter, value, isSwagger, '')),
      ]),
    ),
    cookie: cookie.join('; '),
    ...(await expectBody(body, version)),
  }
}

const DELIMITERS: Readonly<Record<string, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  ssv: '%20',
  tsv: '%09',
  pipes: '%7C',
}

function expandOne(
  parameter: DescribedParameter,
  value: unknown,
  isSwagger: boolean,
  operator: '' | '?',
): string {
  const { name, content } = parameter
  if (isObject(content)) {
    const [mediaType = ''] = Object.keys(content)
    const text = mediaType.includes('json') ? JSON.stringify(value) : String(value)
    return operator === '' ? strict(text) : `${strict(name)}=${strict(text)}`
  }
  // An empty list or object is undefined (RFC 6570, 2.3).
  if (isContainer(value) && Object.keys(value).length === 0) return ''
  const style = styleOf(parameter, isSwagger)
  const explode = explodeOf(parameter, style, isSwagger)
  if (style === 'deepObject' && isContainer(value)) return expandDeep(strict(name), value).join('&')
  const delimiter = DELIMITERS[style]
  if (delimiter !== undefined && !explode && isContainer(value)) {
    const texts = Array.isArray(value) ? value : Object.entries(value as object).flat()
    return `${strict(name)}=${texts.map((text) => strict(textOf(text))).join(delimiter)}`
  }
  return expandTemplate(parameter, value, { style, explode, operator })
}

/** The template that a style is, expanded; the operator `?` is written without its first letter. */
function expandTemplate(
  { name, allowReserved }: DescribedParameter,
  value: unknown,
  { style, explode, operator }: { style: string; explode: boolean; operator: '' | '?' },
): string {
  const sign = style === 'label' ? '.' : style === 'matrix' ? ';' : operator
  const plain = flatten(value)
  if (allowReserved === true && !isContainer(value))
    return `${strict(name)}=${parseTemplate('{+v}')
      .expand({ v: plain as string })
      .replace(/[&#+[\]]/g, encodeURIComponent)}`
  const star = explode ? '*' : ''
  // Names in templates are letters and digits: the real one is put in afterwards.
  const expanded = parseTemplate(`{${sign}N0NAME${star}}`).expand({ N0NAME: plain as string })
  const named = expanded.replaceAll('N0NAME', strict(name))
  return operator === '?' ? named.replace(/^\?/, '') : named
}

function styleOf(
  { style, collectionFormat, in: place }: DescribedParameter,
  isSwagger: boolean,
): string {
  if (isSwagger && typeof collectionFormat === 'string') return collectionFormat
  if (typeof style === 'string') return style
  return place === 'query' || place === 'cookie' ? 'form' : 'simple'
}

function explodeOf(
  { explode, collectionFormat }: DescribedParameter,
  style: string,
  isSwagger: boolean,
): boolean {
  if (isSwagger) return collectionFormat === 'multi'
  return typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject'
}

/** Lists of scalars as `name[]`; what is nested deeper as PHP, Rails and qs read it. */
function expandDeep(name: string, value: JsonObject | unknown[]): string[] {
  const isPlain = Array.isArray(value) && !value.some(isContainer)
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${name}%5B${isPlain ? '' : strict(key)}%5D`
    return isContainer(inner) ? expandDeep(path, inner) : [`${path}=${strict(textOf(inner))}`]
  })
}

type Written = Pick<Parts, 'contentType' | 'body'>

async function expectBody(body: Call['body'], version: string): Promise<Written> {
  const written = body ? await writeBody(body, version) : { contentType: '', body: '' }
  // What type nothing is of does not matter.
  return written.body === '' ? { contentType: '', body: '' } : written
}

async function writeBody(
  { mediaType, media, value }: NonNullable<Call['body']>,
  version: string,
): Promise<Written> {
  if (/[/+]json\b/.test(mediaType)) return { contentType: mediaType, body: JSON.stringify(value) }
  if (mediaType === '*/*') return { contentType: 'application/json', body: JSON.stringify(value) }
  if (mediaType.startsWith('application/x-www-form-urlencoded'))
    return { contentType: mediaType, body: expectForm(value as JsonObject, media) }
  if (mediaType.startsWith('multipart/form-data'))
    return expectMultipart(value as JsonObject, media, version)
  if (typeof value === 'string' && /^text\/|xml|yaml|plain/.test(mediaType))
    return { contentType: mediaType, body: value }
  return {
    contentType: mediaType.includes('*') ? 'application/octet-stream' : mediaType,
    body: Buffer.from(value as string, 'base64').toString('utf8'),
  }
}

/** With a style a field is a query parameter; without one it is text, or JSON where it is an object. */
function expectForm(fields: JsonObject, media: JsonObject): string {
  const encoding = isObject(media.encoding) ? media.encoding : {}
  return Object.entries(fields)
    .flatMap(([name, value]) => {
      const how = encoding[name]
      if (isStyled(how)) return new URLSearchParams(stylePairs(name, value, how)).toString()
      const values = Array.isArray(value) ? value : [value]
      return values.map((item) => new URLSearchParams([[name, textOf(item)]]).toString())
    })
    .filter((text) => text !== '')
    .join('&')
}

function isStyled(how: unknown): how is JsonObject {
  return isObject(how) && (how.style !== undefined || how.explode !== undefined)
}

/** With a style a field is what a query parameter would be, decoded. */
function stylePairs(name: string, value: unknown, how: JsonObject): [string, string][] {
  const parameter = { name, in: 'query', style: how.style, explode: how.explode }
  const pairs = expandOne(parameter, value, false, '?').split('&').filter(Boolean)
  return pairs.map((pair) => pair.split('=', 2).map(decodeURIComponent) as [string, string])
}

async function expectMultipart(
  fields: JsonObject,
  media: JsonObject,
  version: string,
): Promise<{ contentType: string; body: string }> {
  const form = new FormData()
  const encoding = isObject(media.encoding) ? media.encoding : {}
  for (const [name, value] of Object.entries(fields)) {
    const how = encoding[name]
    if (version !== '3.0' && isStyled(how)) {
      for (const [key, text] of stylePairs(name, value, how)) form.append(key, text)
      continue
    }
    const declared =
      isObject(how) && typeof how.contentType === 'string'
        ? how.contentType.split(',')[0]?.trim()
        : undefined
    const type = declared?.includes('*') ? undefined : declared
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isFileField(media, name))
        form.append(
          name,
          new File([Buffer.from(String(item), 'base64')], name, { type: type ?? '' }),
        )
      else if (isContainer(item) || type)
        form.append(name, new Blob([textOf(item)], { type: type ?? 'application/json' }), NO_FILE)
      else form.append(name, textOf(item))
    }
  }
  const request = new Response(form)
  const contentType = request.headers.get('content-type') ?? ''
  const boundary = contentType.split('boundary=')[1] ?? ''
  const bytes = Buffer.from(await request.arrayBuffer()).toString('latin1')
  // FormData calls every typed part a file; a field has no file name.
  const body = bytes
    .replaceAll(`; filename="${NO_FILE}"`, '')
    .replaceAll(boundary, '…')
    .replace(/\r\n$/, '')
  return { contentType: 'multipart/form-data; boundary=…', body }
}
const NO_FILE = 'no-file'

function flatten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textOf)
  if (!isContainer(value)) return textOf(value)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, textOf(inner)]))
}

/** RFC 6570 and forms know text only; what is nested goes as JSON. */
function textOf(value: unknown): string {
  return isContainer(value) ? JSON.stringify(value) : String(value)
}

function isContainer(value: unknown): value is JsonObject | unknown[] {
  return typeof value === 'object' && value !== null
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
