import type { FailureKind, SandboxFailure } from '../host.ts'
import { NESTING_MAX, type SandboxLimits } from '../limits.ts'
import type { PreparedScript } from './code.ts'
import { codeFrame, type Position } from './code-frame.ts'
import type { StopReason } from './turn-budget.ts'

/** What the sandbox tells of a thrown value. */
export interface Thrown {
  name?: string
  message?: string
  stack?: string
}

/** Read from text that a hostile script may have had a hand in. */
export function parseThrown(text: string): Thrown {
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : {}
  const field = (name: string) => {
    const content: unknown = Reflect.get(value as object, name)
    return typeof content === 'string' ? { [name]: content } : {}
  }
  return { ...field('name'), ...field('message'), ...field('stack') }
}

const FRAME = /^\s*at (?:(.*) \()?script:(\d+)(?::(\d+))?\)?$/gm
const FRAMES_MAX = 20
const MEBIBYTE = 1024 * 1024

const NO_MODULES =
  'There are no modules here: the language itself, the globals and tools are all there is.'
const NO_EXPORTS = 'Nothing is exported here: return the result.'
const NOT_ASYNC =
  'await is only valid in an async function: put async before the function it stands in.'

/** Habits from other runtimes, and what to use here. */
const HINTS: [pattern: RegExp, hint: string][] = [
  [
    /'Buffer' is not defined/,
    'There is no Buffer here: use atob, btoa, TextEncoder, TextDecoder and Uint8Array.',
  ],
  [
    /'Intl' is not defined/,
    'There is no Intl here: toLocaleString() writes numbers as English has them; every date is in UTC.',
  ],
  [
    /'(process|window|document|global|axios|fs|path|__dirname)' is not defined/,
    'Everything outside is reached through tools. Find the right one with tools.search({ query: "what you want to do" }).',
  ],
  [/'(module|exports)' is not defined/, NO_EXPORTS],
  [/could not load module/, NO_MODULES],
  [/'await' is not defined/, NOT_ASYNC],
]
const IMPORT = /^\s*import\b|^\s*export\b.*\bfrom\b/
/** QuickJS reads `await` as a name where it means nothing, and trips over what follows it. */
const AFTER_AWAIT = /\bawait[ \t]+$/
const FOR_AWAIT = /\bfor[ \t]+$/

/** A failure of the script's own: thrown by it, or by the compiler reading it. */
export function scriptFailure(
  thrown: Thrown,
  prepared: PreparedScript,
  limits: SandboxLimits,
): SandboxFailure {
  const exhausted = exhaustion(thrown, limits)
  if (exhausted !== null) return exhausted
  const said = saidBy(thrown)
  const frames = framesOf(thrown, prepared)
  const hint = HINTS.find(([pattern]) => pattern.test(thrown.message ?? ''))?.[1]
  const position = frames[0] ?? null
  return {
    kind: 'script_error',
    message: [said, position === null ? '' : codeFrame(prepared.source, position), hint ?? '']
      .filter((part) => part !== '')
      .join('\n'),
    ...(position === null ? {} : shownPosition(position)),
    ...(frames.length === 0 ? {} : { stack: frames.map(formatFrame).join('\n') }),
  }
}

/** A script that returned nothing has failed with what nothing handled. */
export function rejectionFailure(
  thrown: Thrown,
  prepared: PreparedScript,
  limits: SandboxLimits,
): SandboxFailure {
  const failure = scriptFailure(thrown, prepared, limits)
  const hint = 'Nothing awaited or caught this: await the promise, or return it.'
  return { ...failure, message: `${failure.message}\n${hint}` }
}

/** For the log of a script that has a result all the same. */
export function rejectionLine(thrown: Thrown, prepared: PreparedScript): string {
  const position = framesOf(thrown, prepared)[0]
  const where = position === undefined ? '' : ` (line ${position.line})`
  return `Unhandled rejection: ${saidBy(thrown)}${where}`
}

function saidBy({ name = '', message = '' }: Thrown): string {
  return `${name === '' ? '' : `${name}: `}${message}`
}

/** The script does not compile. */
export function syntaxFailure(
  thrown: Thrown,
  prepared: PreparedScript,
  limits: SandboxLimits,
): SandboxFailure {
  const exhausted = exhaustion(thrown, limits)
  if (exhausted !== null) return exhausted
  const { typeError } = prepared
  const position = typeError ?? framesOf(thrown, prepared)[0] ?? { line: 1 }
  const hint = syntaxHint(thrown, prepared, position)
  const said = `SyntaxError: ${typeError?.message ?? thrown.message}`
  return {
    kind: 'syntax_error',
    message: [
      said,
      codeFrame(prepared.source, position),
      ...(hint === undefined ? [] : [hint]),
    ].join('\n'),
    ...shownPosition(position),
  }
}

function syntaxHint(
  { message = '', stack = '' }: Thrown,
  { source, reading, typeError }: PreparedScript,
  { line }: Position,
): string | undefined {
  if (IMPORT.test(source.split('\n')[line - 1] ?? '')) return NO_MODULES
  if (typeError !== null) return undefined
  if (message.startsWith('import.meta')) return NO_MODULES
  if (message === 'unsupported keyword: export') return NO_EXPORTS
  const [[, , at, column] = []] = stack.matchAll(FRAME)
  const compiled = reading.text.split('\n')[Number(at) - 1] ?? ''
  const before = compiled.slice(0, Number(column) - 1)
  const isAwait =
    AFTER_AWAIT.test(before) ||
    (FOR_AWAIT.test(before) && compiled.startsWith('await', before.length))
  return isAwait ? NOT_ASYNC : undefined
}

export function nestedFailure(): SandboxFailure {
  return { kind: 'script_error', message: tooDeep('The result of the script is') }
}

/** What does not leave the sandbox, since those outside could not read it. */
export function tooDeep(what: string): string {
  return `${what} nested deeper than ${NESTING_MAX} levels: flatten it, or pass on only a part.`
}

const STOPPED: Record<Exclude<StopReason, 'yield' | 'dropped'>, FailureKind> = {
  cpu: 'cpu_limit',
  calls: 'calls_limit',
  output: 'output_limit',
}

export function stopFailure(reason: keyof typeof STOPPED, limits: SandboxLimits): SandboxFailure {
  return limitFailure(STOPPED[reason], limits)
}

/** What a run is told that used more than it may. */
export function limitFailure(kind: FailureKind, limits: SandboxLimits): SandboxFailure {
  return { kind, message: LIMIT_MESSAGES[kind]?.(limits) ?? kind }
}

const LIMIT_MESSAGES: Partial<Record<FailureKind, (limits: SandboxLimits) => string>> = {
  timeout: ({ wallMs }) =>
    `The script ran for more than ${seconds(wallMs)}, not counting the time its calls took. ` +
    'Do less in one execution, or wait for less.',
  cpu_limit: ({ cpuMs }) =>
    `The script computed for more than ${seconds(cpuMs)}. Look for a loop that does not end; ` +
    'or let the tools do the filtering, with their own parameters.',
  memory_limit: ({ memoryBytes }) =>
    `The script needed more than ${memoryBytes / MEBIBYTE} MiB of memory. ` +
    'Work on one page at a time and keep only the fields you need.',
  stack_limit: () => 'The script called itself too deeply. Look for a recursion that does not end.',
  output_limit: ({ outputBytes }) =>
    `The script returned or emitted more than ${outputBytes / MEBIBYTE} MiB. Return only what is needed.`,
  calls_limit: ({ callsMax }) =>
    `The script made more than ${callsMax} calls, or too many large ones at once. ` +
    'Split the work over several executions.',
}

function exhaustion(thrown: Thrown, limits: SandboxLimits): SandboxFailure | null {
  if (thrown.name !== 'InternalError') return null
  if (thrown.message === 'out of memory') return limitFailure('memory_limit', limits)
  if (thrown.message === 'stack overflow') return limitFailure('stack_limit', limits)
  return null
}

interface Frame extends Position {
  caller: string
}

/** Stripping types keeps lines but not columns: a column counts where the line was left as it was. */
function framesOf(thrown: Thrown, prepared: PreparedScript): Frame[] {
  const { source, reading } = prepared
  const written = source.split('\n')
  const compiled = reading.text.split('\n')
  return [...(thrown.stack ?? '').matchAll(FRAME)].slice(0, FRAMES_MAX).map((match) => {
    const line = Number(match[2])
    const shift = line === 1 ? reading.shift : 0
    const column = Number(match[3]) - shift
    const before = written[line - 1] ?? ''
    const isSame = compiled[line - 1]?.slice(shift, shift + before.length) === before
    const caller = match[1] ?? '(script)'
    return { caller, line, column: isSame && column >= 1 ? column : undefined }
  })
}

function formatFrame({ caller, line, column }: Frame): string {
  return `at ${caller} (line ${line}${column === undefined ? '' : `:${column}`})`
}

function shownPosition({ line, column }: Position): { line: number; column?: number } {
  return column === undefined ? { line } : { line, column }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`
}
