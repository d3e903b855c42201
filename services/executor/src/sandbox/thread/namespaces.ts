import type { Position } from './code-frame.ts'

export interface Namespace extends Position {
  name: string
}

const HEAD =
  /(?<=(?:^|[;{}])[ \t]*(?:export[ \t]+)?)(declare[ \t]+)?(?:namespace|module)[ \t]+([A-Za-z_$][\w$.]*)\s*\{/gm
/** A block in which nothing is left once its types are gone. */
const EMPTY_BLOCK = /^\{(?:\s|;|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*\}/

/**
 * The first namespace with values in it. The type stripper takes every namespace for types and leaves
 * it out, and what the script says there would never run. `strip` is the stripper.
 */
export function findNamespace(
  source: string,
  stripped: string,
  strip: (text: string) => string,
): Namespace | null {
  const lines = stripped.split('\n')
  for (let from = 0; ; ) {
    HEAD.lastIndex = from
    const head = HEAD.exec(source)
    if (head === null) return null
    const [text, declare, name = ''] = head
    const open = head.index + text.length - 1
    const before = source.slice(0, head.index).split('\n')
    const line = before.length
    const isLeftOut = !(lines[line - 1] ?? '').includes(text.split('\n')[0] ?? '')
    const end = isLeftOut ? blockEnd(source, open) : open
    if (declare === undefined && isLeftOut && !isEmpty(source.slice(open, end), strip)) {
      return { name, line, column: (before.at(-1)?.length ?? 0) + 1 }
    }
    from = end
  }
}

function isEmpty(block: string, strip: (text: string) => string): boolean {
  try {
    return EMPTY_BLOCK.test(strip(block))
  } catch {
    // A bracket in a text ended it too early: types have no texts like that.
    return false
  }
}

function blockEnd(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at += 1) {
    if (source[at] === '{') depth += 1
    else if (source[at] === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return source.length
}
