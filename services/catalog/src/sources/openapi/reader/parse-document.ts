import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import { parseFailed } from './document-error.ts'
import { isObject, type JsonObject } from './json.ts'
import {
  JSON_VALUES_MAX,
  YAML_ALIASES_MAX,
  YAML_DEPTH_MAX,
  YAML_MERGE_KEYS_MAX,
  YAML_VALUES_MAX,
} from './limits.ts'

/**
 * Parses JSON or YAML into a tree. Throws `openapi_parse_failed` that says where the text breaks.
 * `label` names the document in messages; `sieve` leaves out what nobody wants of a long one.
 */
export function parseDocument(
  source: string | Uint8Array,
  label = 'The document',
  sieve: (yaml: string) => string | null = () => null,
): JsonObject {
  const text = decode(source)
  const first = text.trimStart().slice(0, 512)
  if (first === '') throw parseFailed(`${label} is empty.`)
  if (first.startsWith('<')) throw parseFailed(describeMarkup(first, label))
  const isJson = first.startsWith('{') || first.startsWith('[')
  const root = (isJson ? null : parseSieved(sieve(text), label)) ?? parseWhole(text, isJson, label)
  if (isObject(root)) return root
  throw parseFailed(
    `${label} holds ${describeValue(root)} where an OpenAPI description, an object, was expected.`,
  )
}

function parseWhole(text: string, isJson: boolean, label: string): unknown {
  assertAffordable(text, isJson ? JSON_VALUES_MAX : YAML_VALUES_MAX, label)
  return isJson ? parseJson(text, label) : parseYaml(text, label)
}

/** Null where the part does not stand for itself: the whole then says what is wrong, if anything is. */
function parseSieved(part: string | null, label: string): unknown {
  if (part === null) return null
  assertAffordable(part, YAML_VALUES_MAX, label)
  try {
    return load(part, YAML_OPTIONS)
  } catch (error) {
    if (error instanceof YAMLException || error instanceof RangeError) return null
    throw error
  }
}

export function decode(source: string | Uint8Array): string {
  if (typeof source === 'string') return source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  const [first, second] = source
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(source)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(source)
  return new TextDecoder().decode(source)
}

function describeMarkup(start: string, label: string): string {
  if (/<(!doctype html|html|head|body)/i.test(start)) {
    return `${label} is an HTML page, not an OpenAPI description. Give the address of the description itself, which often ends in openapi.json or openapi.yaml.`
  }
  return `${label} is XML, not an OpenAPI description in JSON or YAML.`
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null || value === undefined) return 'nothing'
  return typeof value === 'string' ? 'plain text' : `a ${typeof value}`
}

/**
 * Refuses what would take gigabytes once it is parsed. Only a document whose samples look like that
 * is counted to its end.
 */
export function assertAffordable(text: string, valuesMax: number, label: string): void {
  if (text.length < valuesMax) return
  let sampled = 0
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = Math.floor(Math.random() * (text.length - SAMPLE_CHARS))
    sampled += countValues(text, start, start + SAMPLE_CHARS)
  }
  const estimate = (sampled / (SAMPLES * SAMPLE_CHARS)) * text.length
  if (estimate < valuesMax / 2) return
  if (countValues(text, 0, text.length) > valuesMax) {
    throw parseFailed(
      `${label} holds more than ${valuesMax} values, which is more than can be read safely.`,
    )
  }
}
const SAMPLES = 256
const SAMPLE_CHARS = 1024

/** What begins a value: a bracket, a comma in a list, the end of the line before. */
function countValues(text: string, start: number, end: number): number {
  let values = 0
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x2c || code === 0x5b || code === 0x7b || code === 0x0a || code === 0x0d) values++
  }
  return values
}

function parseJson(text: string, label: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    // YAML is a superset of JSON: it reads comments and trailing commas, and says where it stopped.
    try {
      assertAffordable(text, YAML_VALUES_MAX, label)
      return load(text, YAML_OPTIONS)
    } catch (yamlError) {
      throw jsonError(text, label, error) ?? yamlFailure(yamlError, label, 'JSON')
    }
  }
}

function jsonError(text: string, label: string, error: unknown): Error | null {
  const found = error instanceof Error && /^(.*) in JSON at position (\d+)/s.exec(error.message)
  if (!found) return null
  const before = text.slice(0, Number(found[2])).split('\n')
  return syntaxError(label, 'JSON', `${found[1]}`, before.length, (before.at(-1)?.length ?? 0) + 1)
}

function parseYaml(text: string, label: string): unknown {
  try {
    return load(text, YAML_OPTIONS)
  } catch (error) {
    throw yamlFailure(error, label, 'YAML')
  }
}

const YAML_OPTIONS = {
  schema: CORE_SCHEMA.withTags(mergeTag),
  maxDepth: YAML_DEPTH_MAX,
  maxAliases: YAML_ALIASES_MAX,
  maxTotalMergeKeys: YAML_MERGE_KEYS_MAX,
}

function yamlFailure(error: unknown, label: string, language: 'JSON' | 'YAML'): unknown {
  if (error instanceof RangeError) return parseFailed(`${label} nests too deep to be read.`)
  if (!(error instanceof YAMLException)) return error
  const { mark, reason } = error
  if (!mark) return parseFailed(`${label} is not valid ${language}: ${reason}.`)
  return syntaxError(label, language, reason, mark.line + 1, mark.column + 1)
}

function syntaxError(
  label: string,
  language: string,
  reason: string,
  line: number,
  column: number,
): Error {
  return parseFailed(
    `${label} is not valid ${language}: ${reason} (line ${line}, column ${column}).`,
    { line, column },
  )
}
