import { transform } from 'sucrase'

/** One way to read a script: the text of an expression that evaluates to an async function. */
export interface Reading {
  text: string
  /** How far the first line's columns are shifted by what was put before it. */
  shift: number
}

export interface PreparedScript {
  /** What the agent wrote, with the same line numbers. */
  source: string
  /** The first that compiles is meant; the last one's error is the one to show. */
  readings: Reading[]
  /** Why the types could not be read; shown when no reading compiles. */
  typeError: { message: string; line: number; column: number } | null
}

const BODY = '(async function () {'
const BODY_CLOSE = '\n})'
const CALLED_OPEN = '(async function () { const entry = ('
const CALLED_CLOSE = '\n); return typeof entry === "function" ? entry(globalThis.tools) : entry })'
const DEFAULT_NAME = 'const $default ='
const DEFAULT_CLOSE =
  '\nreturn typeof $default === "function" ? $default(globalThis.tools) : $default })'
/** A whole script that may be one function or one call: after comments, how such a script begins. */
const LONE_FUNCTION =
  /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:async\b|function\b|\(|[A-Za-z_$][\w$]*\s*=>)/
/** A script whose last statement starts its own async function: its outcome is the script's. */
const LAST_CALL = /(?:^|\n)(?=([A-Za-z_$][\w$]*)\(\)[^\n]*\s*$)/
const LAST_ASYNC_BLOCK = /(?:^|\n)(?=\(async\b[\s\S]*\}\)\(\)[^\n]*\s*$)/
const EXPORT = /^([ \t]*)export (?=(?:async |function|const|let|var|class)\b)/gm
const EXPORT_DEFAULT = /^[ \t]*export default\b/m

/** Undoes what agents wrap around code, strips types, and finds the ways to read what is left. */
export function prepareScript(code: string): PreparedScript {
  const source = unwrapFence(code)
  const { script, error } = stripTypes(source)
  return { source, readings: readings(script), typeError: error }
}

/** Lines of the fence become empty, so that line numbers stay the agent's own. */
function unwrapFence(code: string): string {
  const text = code.replace(/^\uFEFF/, '').replaceAll('\0', '\uFFFD')
  const fence = /^\s*(`{3,}|~{3,})[^\n]*\n/.exec(text)
  if (fence === null) return text
  const inner = text.slice(fence[0].length)
  const close = new RegExp(`^[ \\t]*${fence[1]}[ \\t]*$`, 'm').exec(inner)
  const lines = fence[0].split('\n').length - 1
  return '\n'.repeat(lines) + (close === null ? inner : inner.slice(0, close.index))
}

function stripTypes(source: string): { script: string; error: PreparedScript['typeError'] } {
  try {
    const { code } = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
    })
    return { script: code, error: null }
  } catch (error) {
    // Perhaps JavaScript that the type stripper does not know: QuickJS has the last word.
    return { script: source, error: toTypeError(error) }
  }
}

function toTypeError(error: unknown): PreparedScript['typeError'] {
  if (!(error instanceof Error)) return null
  const at = /\((\d+):(\d+)\)$/.exec(error.message)
  if (at === null) return { message: 'The script is nested too deeply.', line: 1, column: 1 }
  const message = error.message.slice(0, at.index).trim()
  return { message, line: Number(at[1]), column: Number(at[2]) }
}

function readings(script: string): Reading[] {
  if (!LONE_FUNCTION.test(script)) return bodyReadings(script)
  const expression = script.replace(/[\s;]+$/, '')
  const called = CALLED_OPEN + expression + CALLED_CLOSE
  return [{ text: called, shift: CALLED_OPEN.length }, ...bodyReadings(script)]
}

function bodyReadings(script: string): Reading[] {
  const asBody = (text: string, close = BODY_CLOSE) => ({
    text: BODY + text + close,
    shift: BODY.length,
  })
  const last = LAST_ASYNC_BLOCK.exec(script) ?? lastAsyncCall(script)
  if (last !== null) {
    const at = last.index + last[0].length
    return [asBody(`${script.slice(0, at)}return ${script.slice(at)}`), asBody(script)]
  }
  const unexported = script.replace(EXPORT, '$1')
  if (EXPORT_DEFAULT.test(unexported)) {
    const named = unexported.replace(EXPORT_DEFAULT, DEFAULT_NAME)
    return [asBody(script), asBody(named, DEFAULT_CLOSE)]
  }
  return unexported === script ? [asBody(script)] : [asBody(script), asBody(unexported)]
}

function lastAsyncCall(script: string): RegExpExecArray | null {
  const last = LAST_CALL.exec(script)
  const name = last?.[1]?.replaceAll('$', '\\$')
  if (name === undefined) return null
  return new RegExp(`async function ${name}\\b|\\b${name} = async\\b`).test(script) ? last : null
}
