import { transform } from 'sucrase'
import { findNamespace, type Namespace } from './namespaces.ts'
import { type Edit, readTopLevel } from './top-level.ts'

/** One way to read a script: the text of an expression that evaluates to an async function. */
export interface Reading {
  text: string
  /** How far the first line's columns are shifted by what was put before it. */
  shift: number
}

export interface PreparedScript {
  /** What the agent wrote, with the same line numbers. */
  source: string
  reading: Reading
  /** Why the types could not be read; shown when the reading does not compile. */
  typeError: { message: string; line: number; column: number } | null
}

const BODY = '(async function () {'
const BODY_CLOSE = '\n})'
const CALLED_OPEN = '(async function () { const entry = ('
const CALLED_CLOSE = '\n); return typeof entry === "function" ? entry(globalThis.tools) : entry })'
const MAY_NAME_SPACE = /\b(?:namespace|module)[ \t]+[A-Za-z_$]/

/** Undoes what agents wrap around code, strips types, and finds out how to read what is left. */
export function prepareScript(code: string): PreparedScript {
  const source = unwrapFence(code)
  const { script, error } = stripTypes(source)
  return { source, reading: read(script), typeError: error }
}

/** Lines of the fence become empty, so that line numbers stay the agent's own. */
function unwrapFence(code: string): string {
  const text = code
    .replace(/^\uFEFF/, '')
    .replace(/^#!.*/, '')
    .replaceAll('\0', '\uFFFD')
  const fence = /^\s*(`{3,}|~{3,})[^\n]*\n/.exec(text)
  if (fence === null) return text
  const inner = text.slice(fence[0].length)
  const close = new RegExp(`^[ \\t]*${fence[1]}[ \\t]*$`, 'm').exec(inner)
  const lines = fence[0].split('\n').length - 1
  return '\n'.repeat(lines) + (close === null ? inner : inner.slice(0, close.index))
}

function stripTypes(source: string): { script: string; error: PreparedScript['typeError'] } {
  try {
    const script = strip(source)
    const namespace = MAY_NAME_SPACE.test(source) ? findNamespace(source, script, strip) : null
    // As it is, QuickJS refuses it too.
    if (namespace !== null) return { script: source, error: toNamespaceError(namespace) }
    return { script, error: null }
  } catch (error) {
    // Perhaps JavaScript that the type stripper does not know: QuickJS has the last word.
    return { script: source, error: toTypeError(error) }
  }
}

function strip(source: string): string {
  const { code } = transform(source, {
    transforms: ['typescript'],
    disableESTransforms: true,
    keepUnusedImports: true,
  })
  return code
}

function toNamespaceError({ name, line, column }: Namespace): PreparedScript['typeError'] {
  const message = `There are no namespaces here. Make ${name} an object: const ${name} = { … }.`
  return { message, line, column: column ?? 1 }
}

function toTypeError(error: unknown): PreparedScript['typeError'] {
  if (!(error instanceof Error)) return null
  const at = /\((\d+):(\d+)\)$/.exec(error.message)
  if (at === null) return { message: 'The script is nested too deeply.', line: 1, column: 1 }
  const message = error.message.slice(0, at.index).trim()
  return { message, line: Number(at[1]), column: Number(at[2]) }
}

function read(script: string): Reading {
  const topLevel = readTopLevel(script)
  if (topLevel.kind === 'expression') {
    const text = CALLED_OPEN + script.slice(0, topLevel.end) + CALLED_CLOSE
    return { text, shift: CALLED_OPEN.length }
  }
  const { edits, exported } = topLevel
  const close = exported === null ? BODY_CLOSE : callOf(exported) + BODY_CLOSE
  return { text: BODY + applyEdits(script, edits) + close, shift: BODY.length }
}

function callOf(exported: string): string {
  return `\nreturn typeof ${exported} === "function" ? ${exported}(globalThis.tools) : ${exported}`
}

/** Every line stays where it is. */
function applyEdits(script: string, edits: Edit[]): string {
  let text = ''
  let at = 0
  for (const { start, end, text: put } of edits) {
    text += script.slice(at, start) + put + script.slice(start, end).replace(/[^\n]/g, '')
    at = end
  }
  return text + script.slice(at)
}
