import { GraphQLError } from 'graphql/error'
import {
  type DocumentNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql/language'

/** Far above what an agent writes; a parser descends once for each level. */
const SELECT_CHARS_MAX = 20_000
const TOKENS_MAX = 4_000
const DEPTH_MAX = 15

export type ParsedSelect = { selection: string } | { problem: string }

/**
 * A selection set as a caller writes it, with or without its outer braces. It is printed anew from
 * what was understood, so that nothing in it can end the field it belongs to.
 */
export function parseSelect(text: string): ParsedSelect {
  if (text.length > SELECT_CHARS_MAX)
    return { problem: `it is longer than ${SELECT_CHARS_MAX} characters` }
  const isBraced = text.trimStart().startsWith('{')
  try {
    const document = parse(isBraced ? text : `{\n${text}\n}`, {
      noLocation: true,
      maxLexicalTokens: TOKENS_MAX,
    })
    const set = onlySelection(document)
    if (!set)
      return { problem: 'it must be one selection set and nothing else, like "{ id name }"' }
    const problem = findProblem(set)
    return problem === null ? { selection: print(set) } : { problem }
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'it nests too deep' }
    if (!(error instanceof GraphQLError)) throw error
    return { problem: error.message.replace(/^Syntax Error: /, '').replace(/\.$/, '') }
  }
}

function onlySelection({ definitions }: DocumentNode): SelectionSetNode | null {
  const [only] = definitions
  if (definitions.length !== 1 || only?.kind !== Kind.OPERATION_DEFINITION) return null
  const { name, variableDefinitions = [], directives = [], operation, selectionSet } = only
  const isPlain = operation === 'query' && !name && variableDefinitions.length === 0
  return isPlain && directives.length === 0 ? selectionSet : null
}

/** What can be written but not sent: the rest is between caller and upstream. */
function findProblem(set: SelectionSetNode): string | null {
  let problem: string | null = null
  let depth = 0
  visit(set, {
    SelectionSet: {
      enter(node) {
        if (node.selections.length === 0) problem ??= 'braces must not be empty'
        if (++depth > DEPTH_MAX) problem ??= `it nests deeper than ${DEPTH_MAX} levels`
      },
      leave() {
        depth--
      },
    },
    FragmentSpread(node) {
      problem ??= `"...${node.name.value}" names a fragment; write "... on ${node.name.value} { }" for a type`
    },
    Variable(node) {
      problem ??= `"$${node.name.value}" is a variable; write the value itself`
    },
    Directive(node) {
      if (node.name.value === 'defer' || node.name.value === 'stream')
        problem ??= `"@${node.name.value}" answers in parts, which cannot be read`
    },
  })
  return problem
}
