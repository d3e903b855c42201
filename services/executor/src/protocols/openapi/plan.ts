import {
  OpenapiBinding,
  type OpenapiContent,
  type OpenapiParameter,
  type OpenapiServer,
  type Operation,
} from '@executor/contracts'
import { bindingError, invalidArgument } from '../failures.ts'
import { oncePer, readBinding } from '../stored.ts'
import { type Containers, planContainers } from './containers.ts'
import { encodeLiteral, encodeReserved, encodeStrict } from './encode.ts'
import { writeForm } from './form.ts'
import { type Style, scalarText, writeExpanded, writePairs } from './style.ts'

/** An operation taken apart once, so that a call only fills in. */
export interface OperationPlan {
  method: string
  /** For messages: `GET /repos/{owner}/{repo}`. */
  label: string
  path: (string | PathParameter)[]
  query: PairParameter[]
  headers: HeaderParameter[]
  cookies: PairParameter[]
  contents: readonly OpenapiContent[]
  bodyRequired: boolean
  servers: readonly OpenapiServer[] | undefined
  accept: string
  responses: OpenapiBinding['responses']
  /** False where the description says that this operation takes no credential. */
  sendsCredential: boolean
  /** Sending it again changes nothing. */
  isRepeatable: boolean
  containers: Containers
}

export interface PathParameter {
  argument: string
  write(value: unknown): string
}
export interface PairParameter {
  argument: string
  write(value: unknown): string[]
}
export interface HeaderParameter {
  argument: string
  name: string
  write(value: unknown): string
}

/** The operation's plan; made once for each `Operation` object. */
export const planOf = oncePer(compileOperation)

export function compileOperation(operation: Operation): OperationPlan {
  const binding = readBinding(OpenapiBinding, operation)
  const { parameters } = binding
  const inLocation = (location: OpenapiParameter['in']) =>
    parameters.filter((parameter) => parameter.in === location)
  return {
    method: binding.method.toUpperCase(),
    label: `${binding.method.toUpperCase()} ${binding.path}`,
    path: planPath(binding.path, inLocation('path')),
    query: [...inLocation('query').map(planPair), ...inLocation('querystring').map(planQuery)],
    headers: inLocation('header')
      .filter(({ name }) => !isReservedHeader(name))
      .map(planHeader),
    cookies: inLocation('cookie').map(planPair),
    contents: binding.body?.contents ?? [],
    bodyRequired: binding.body?.required ?? false,
    servers: binding.servers && binding.servers.length > 0 ? binding.servers : undefined,
    accept: planAccept(binding),
    responses: binding.responses,
    sendsCredential: binding.security?.length !== 0,
    isRepeatable: operation.annotations.readOnly,
    containers: planContainers(parameters),
  }
}

function planPath(
  described: string,
  parameters: readonly OpenapiParameter[],
): OperationPlan['path'] {
  // A fragment only tells operations of one path apart; it is never sent.
  const [template = ''] = described.split('#', 1)
  const parts: OperationPlan['path'] = []
  let end = 0
  for (const match of template.matchAll(/\{([^{}]+)\}/g)) {
    const [text, inner = ''] = match
    if (match.index > end) parts.push(encodeLiteral(template.slice(end, match.index)))
    const parameter = findPathParameter(parameters, inner)
    if (!parameter)
      throw bindingError(`The path ${template} has a part "${inner}" that is no parameter.`)
    parts.push(planPathParameter(parameter, inner.startsWith('+')))
    end = match.index + text.length
  }
  if (end < template.length) parts.push(encodeLiteral(template.slice(end)))
  return parts
}

/** Some descriptions write RFC 6570's operators into the path: `{+name}`, `{rest*}`. */
function findPathParameter(parameters: readonly OpenapiParameter[], inner: string) {
  const bare = inner.replace(/^[+/]|\*$/g, '')
  return (
    parameters.find(({ name }) => name === inner) ?? parameters.find(({ name }) => name === bare)
  )
}

function planPathParameter(parameter: OpenapiParameter, reserved: boolean): PathParameter {
  const { argument, name, explode = false, contentType } = parameter
  const encode =
    reserved || parameter.allowReserved === true
      ? (text: string) => encodeReserved(text, 'path')
      : encodeStrict
  const style = styleAmong(PATH_STYLES, parameter.style)
  const writing = { name: encodeStrict(name), style, explode, encode }
  const write = contentType
    ? (value: unknown) => encode(contentText(value, contentType))
    : (value: unknown) => writeExpanded(value, writing)
  return {
    argument,
    write(value) {
      const text = write(value)
      if (text === '') throw invalidArgument(argument, 'must not be empty: it is part of the path')
      return text
    },
  }
}

/** Swagger 2.0 has delimiters everywhere. */
const HEADER_STYLES: ReadonlySet<Style> = new Set([
  'simple',
  'spaceDelimited',
  'pipeDelimited',
  'tabDelimited',
])
const PATH_STYLES: ReadonlySet<Style> = new Set([...HEADER_STYLES, 'label', 'matrix'])

/** A style that is none for its place counts as the one that place begins with. */
function styleAmong(styles: ReadonlySet<Style>, style: OpenapiParameter['style']): Style {
  return style !== undefined && styles.has(style) ? style : 'simple'
}

function planPair(parameter: OpenapiParameter): PairParameter {
  const { argument, contentType } = parameter
  const style = (parameter.style ?? 'form') as Style
  const explode = parameter.explode ?? EXPLODED.has(style)
  const encode = pairEncoding(parameter, style)
  const name = style === 'cookie' ? parameter.name : encodeStrict(parameter.name)
  const writing = { name, style, explode, encode }
  return {
    argument,
    write: contentType
      ? (value) => [`${name}=${encode(contentText(value, contentType))}`]
      : (value) => writePairs(value, writing),
  }
}

/** A whole query: a form as forms are written, anything else as one encoded text. */
function planQuery({ argument, contentType = '' }: OpenapiParameter): PairParameter {
  const isForm = contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')
  return {
    argument,
    write(value) {
      const text =
        isForm && typeof value === 'object' && value !== null
          ? writeForm(value, { mediaType: contentType })
          : encodeStrict(contentText(value, contentType))
      return text === '' ? [] : [text]
    },
  }
}

const EXPLODED: ReadonlySet<Style> = new Set(['form', 'deepObject', 'cookie'])

function pairEncoding(
  { argument, allowReserved, in: location }: OpenapiParameter,
  style: Style,
): (text: string) => string {
  if (style === 'cookie') return (text) => cookieText(argument, text)
  return allowReserved === true && location === 'query'
    ? (text) => encodeReserved(text, 'query')
    : encodeStrict
}

/** As it is: whoever wants it encoded encodes it (OpenAPI 3.2, "Style Values"). */
function cookieText(argument: string, text: string): string {
  if (/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)) return text
  throw invalidArgument(argument, 'has characters that a cookie does not take: encode them')
}

function planHeader(parameter: OpenapiParameter): HeaderParameter {
  const { argument, explode = false, contentType } = parameter
  const encode = (text: string) => headerText(argument, text)
  const style = styleAmong(HEADER_STYLES, parameter.style)
  const writing = { name: parameter.name, style, explode, encode }
  return {
    argument,
    name: parameter.name.toLowerCase(),
    write: contentType
      ? (value) => encode(contentText(value, contentType))
      : (value) => writeExpanded(value, writing),
  }
}

/** Header fields are bytes; UTF-8 is what whoever reads past ASCII expects. */
function headerText(argument: string, text: string): string {
  if (/(?!\t)\p{Cc}/u.test(text))
    throw invalidArgument(argument, 'must be one line without control characters: it is a header')
  return /^[\t\x20-\x7e]*$/.test(text) ? text : Buffer.from(text).toString('latin1')
}

/** OpenAPI leaves these three to security and bodies, HTTP the others to the connection. */
const RESERVED_HEADERS = new Set([
  'authorization',
  'content-type',
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
function isReservedHeader(name: string): boolean {
  return RESERVED_HEADERS.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)
}

function contentText(value: unknown, contentType: string): string {
  if (/[/+]json\b/i.test(contentType)) return JSON.stringify(value)
  return scalarText(value)
}

/** What the operation's successes are described as, JSON first. */
function planAccept({ responses }: OpenapiBinding): string {
  const successes = responses.filter(({ status }) => status.startsWith('2') || status === 'default')
  const types = [...new Set(successes.flatMap(({ mediaTypes }) => mediaTypes))]
  const safe = types.filter((type) => /^[\w!#$&^.+*/;= -]+$/.test(type)).slice(0, 8)
  if (safe.length === 0) return 'application/json, */*;q=0.8'
  const json = safe.filter((type) => /[/+]json\b/i.test(type))
  const others = safe.filter((type) => !json.includes(type))
  return [...json, ...others, ...(safe.includes('*/*') ? [] : ['*/*;q=0.5'])].join(', ')
}
