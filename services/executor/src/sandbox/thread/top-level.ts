import {
  type ExportDefaultDeclaration,
  type Expression,
  type ModuleDeclaration,
  type Options,
  Parser,
  type Program,
  type Statement,
} from 'acorn'

/** Text that takes the place of a part of the script. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** How a script is to be read, by what stands at its top level. */
export type TopLevel =
  /** One expression, up to there, whose value, or whose call, is the result. */
  | { kind: 'expression'; end: number }
  /** Statements, once they are edited; `exported` names what they export as their default. */
  | { kind: 'body'; edits: Edit[]; exported: string | null }

const PLAIN: TopLevel = { kind: 'body', edits: [], exported: null }
const NAMELESS_EXPORT = '$default'

/** A whole script that may be one expression: after comments, how such a script begins. */
const LONE_BEGIN =
  /^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:async\b|function\b|\(|[A-Za-z_$][\w$]*\s*=>)/
const EXPORT = /\bexport\b/
const ASYNC = /\basync\b/
const SETTLING = new Set(['then', 'catch', 'finally'])

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
}

/** Names declared twice are QuickJS's to refuse: the parser's list of them takes quadratic time. */
class Reader extends Parser {
  declareName(): void {
    // Nothing is remembered.
  }
}

/** Asks a parser only where a script may be something else than a body to be taken as it is. */
export function readTopLevel(script: string): TopLevel {
  const isPlain =
    !LONE_BEGIN.test(script) &&
    !EXPORT.test(script) &&
    !(ASYNC.test(script) && mayEndWithCall(script))
  if (isPlain) return PLAIN
  const program = parse(script)
  if (program === null) return readNamelessFunction(script) ?? PLAIN
  const statements = program.body.filter(({ type }) => type !== 'EmptyStatement')
  const [first] = statements
  if (first !== undefined && statements.length === 1 && isExpression(first, script)) {
    return { kind: 'expression', end: withoutSemicolon(script, first.end) }
  }
  return { kind: 'body', edits: editsOf(statements), exported: exportedBy(statements) }
}

/** Never wrong where it says no. */
function mayEndWithCall(script: string): boolean {
  let end = script.length
  while (end > 0 && ' \n\r\t;'.includes(script[end - 1] ?? '')) end -= 1
  const line = script.slice(script.lastIndexOf('\n', end - 1) + 1, end)
  return line.endsWith(')') || line.endsWith('*/') || line.includes('//')
}

/** Null for what the parser does not know: QuickJS has the last word. */
function parse(script: string): Program | null {
  try {
    return Reader.parse(script, OPTIONS)
  } catch {
    return null
  }
}

/** `function () { … }` is an expression but no statement, so the parser refuses it as a program. */
function readNamelessFunction(script: string): TopLevel | null {
  try {
    const { type, end } = Reader.parseExpressionAt(script, 0, OPTIONS)
    const isAll = parse(script.slice(end))?.body.every((rest) => rest.type === 'EmptyStatement')
    return type === 'FunctionExpression' && isAll === true ? { kind: 'expression', end } : null
  } catch {
    return null
  }
}

type TopStatement = Statement | ModuleDeclaration

/** One function, which is to be called, or one expression in parentheses, which is the result. */
function isExpression(statement: TopStatement, script: string): boolean {
  if (statement.type === 'FunctionDeclaration') return true
  if (statement.type !== 'ExpressionStatement') return false
  return statement.expression.type === 'ArrowFunctionExpression' || script[statement.start] === '('
}

function withoutSemicolon(script: string, end: number): number {
  return script[end - 1] === ';' ? end - 1 : end
}

function editsOf(statements: TopStatement[]): Edit[] {
  const edits = statements.flatMap(withoutExport)
  const last = statements.at(-1)
  // A script that ends by starting its own async function is done when that is, and as that is.
  if (last?.type === 'ExpressionStatement') {
    const called = withoutAwait(last.expression)
    if (isOwnCall(called, asyncNames(statements)))
      edits.push({ start: last.start, end: last.start, text: 'return ' })
  }
  return edits
}

function withoutAwait(expression: Expression): Expression {
  return expression.type === 'AwaitExpression' ? expression.argument : expression
}

function withoutExport(statement: TopStatement): Edit[] {
  const { start, end } = statement
  if (statement.type === 'ExportNamedDeclaration' && statement.declaration != null) {
    return [{ start, end: statement.declaration.start, text: '' }]
  }
  if (statement.type !== 'ExportDefaultDeclaration') return []
  const { declaration } = statement
  if (nameOf(declaration) !== null) return [{ start, end: declaration.start, text: '' }]
  const named = { start, end: declaration.start, text: `const ${NAMELESS_EXPORT} = ` }
  return [named, { start: end, end, text: ';' }]
}

function exportedBy(statements: TopStatement[]): string | null {
  const exported = statements.find(({ type }) => type === 'ExportDefaultDeclaration')
  if (exported?.type !== 'ExportDefaultDeclaration') return null
  return nameOf(exported.declaration) ?? NAMELESS_EXPORT
}

function nameOf(declaration: ExportDefaultDeclaration['declaration']): string | null {
  const isNamed =
    declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration'
  return isNamed ? (declaration.id?.name ?? null) : null
}

function asyncNames(statements: TopStatement[]): Set<string> {
  const names = new Set<string>()
  for (const statement of statements) {
    const isExport =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
    const declared = isExport ? statement.declaration : statement
    if (declared?.type === 'FunctionDeclaration' && declared.async) {
      names.add(declared.id?.name ?? NAMELESS_EXPORT)
    }
    if (declared?.type !== 'VariableDeclaration') continue
    for (const { id, init } of declared.declarations) {
      if (id.type === 'Identifier' && isAsyncFunction(init)) names.add(id.name)
    }
  }
  return names
}

/** `main()`, `(async () => { … })()`, and the same with `.then`, `.catch` or `.finally` behind it. */
function isOwnCall(expression: Expression, asyncNames: Set<string>): boolean {
  if (expression.type !== 'CallExpression') return false
  const { callee } = expression
  if (callee.type === 'Identifier') return asyncNames.has(callee.name)
  if (callee.type !== 'MemberExpression') return isAsyncFunction(callee)
  const { object, property } = callee
  const isSettling = property.type === 'Identifier' && SETTLING.has(property.name)
  return isSettling && object.type !== 'Super' && isOwnCall(object, asyncNames)
}

function isAsyncFunction(node: { type: string; async?: boolean } | null | undefined): boolean {
  const isFunction = node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression'
  return isFunction && node?.async === true
}
