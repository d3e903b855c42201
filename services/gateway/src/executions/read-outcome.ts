import { RunOutcome } from '@executor/contracts'
import { JsonScan, type Span } from './json-scan.ts'
import { LongJson, VALUE_CHARS_MAX } from './long-json.ts'

/** Characters of an outcome that is read as a whole: some milliseconds. */
const WHOLE_CHARS_MAX = 256 * 1024
const SETTLED = '{"status":"settled"'
const RESULT = ',"result":'
/** What an emitted object is shown as by what it holds, and not by its beginning, has one of these. */
const TELLING_KEYS = ['type', '_tag']

/** How a run stands, by the text that the executor told. What is long in its result is left as text. */
export async function readOutcome(json: string): Promise<RunOutcome> {
  if (json.length <= WHOLE_CHARS_MAX || !json.startsWith(SETTLED)) {
    return RunOutcome.parse(JSON.parse(json))
  }
  const at = json.indexOf(RESULT)
  // Until here the text may have been two, which took a copy to be one.
  await new Promise((resolve) => setImmediate(resolve))
  const outcome = RunOutcome.parse(JSON.parse(`${json.slice(0, at)}${RESULT}null}`))
  if (outcome.status !== 'settled') return outcome
  const text = json.slice(at + RESULT.length, -1)
  const result =
    outcome.kind === 'invocation' ? await LongJson.read(text) : await readExecutionResult(text)
  return { ...outcome, result }
}

async function readExecutionResult(text: string): Promise<unknown> {
  const scan = new JsonScan(text)
  const result: Record<string, unknown> = {}
  for (const member of await scan.members(0)) {
    result[member.key] =
      member.key === 'emitted'
        ? await readEmitted(text, member)
        : member.key === 'value'
          ? await readValue(text, member)
          : parse(text, member)
  }
  return result
}

async function readEmitted(text: string, { from }: Span): Promise<unknown[]> {
  const emitted: unknown[] = []
  for (const span of await new JsonScan(text).elements(from)) {
    emitted.push((await isTelling(text, span)) ? parse(text, span) : await readValue(text, span))
  }
  return emitted
}

async function isTelling(text: string, { from, to }: Span): Promise<boolean> {
  if (text[from] !== '{' || to - from <= VALUE_CHARS_MAX) return false
  const members = await new JsonScan(text).members(from)
  return members.some(({ key }) => TELLING_KEYS.includes(key))
}

async function readValue(text: string, span: Span): Promise<unknown> {
  return span.to - span.from > VALUE_CHARS_MAX ? LongJson.of(text, span) : parse(text, span)
}

function parse(text: string, { from, to }: Span): unknown {
  return JSON.parse(text.slice(from, to))
}
