import type { PathSelection } from '@executor/contracts'
import { createPathFilter } from './path-selection.ts'

/**
 * The part of a long YAML description that a selection of paths reaches, as text: the paths, and
 * every component that is referred to from what is kept. Only what is kept is ever parsed.
 *
 * Reads block style alone, in which generators write such documents, by its indentation. Answers null
 * for anything it is not sure of: the document is then parsed whole, and costs what it costs.
 */
export function sieveYaml(text: string, selection: PathSelection): string | null {
  // Anchors and aliases, tags and directives lead across what would be cut.
  if (/^%|^\s*(?:- )*[^\s#'"][^\n'"#]*:\s+[&*!][^\s]/m.test(text.slice(0, HEAD_CHARS))) return null
  const sections = splitBlock(text, { start: 0, end: text.length, indent: 0 })
  const paths = sections?.find(({ key }) => key === 'paths')
  const components = sections?.find(({ key }) => key === 'components')
  if (!sections || !paths) return null
  const pathEntries = splitBelow(text, paths)
  const groups = components ? splitBelow(text, components) : []
  if (!pathEntries || !groups) return null
  const isWanted = createPathFilter(selection)
  const keptPaths = pathEntries.filter(({ key }) => isWanted(key))
  const kept = keepReachable(text, keptPaths, groups)
  if (!kept) return null
  const others = sections.filter((section) => section !== paths && section !== components)
  return [
    ...others.map((section) => textOf(text, section)),
    'paths:\n',
    ...(keptPaths.length === 0 ? ['  {}\n'] : keptPaths.map((entry) => textOf(text, entry))),
    ...(components ? ['components:\n', ...kept] : []),
  ].join('')
}

const HEAD_CHARS = 10_000

/** A key of a block mapping, with everything below it. */
interface Entry {
  key: string
  start: number
  end: number
}

interface Block {
  start: number
  end: number
  indent: number
}

function textOf(text: string, { start, end }: Entry): string {
  const part = text.slice(start, end)
  return part.endsWith('\n') ? part : `${part}\n`
}

/** The keys below an entry; null where they are not written one on a line. */
function splitBelow(text: string, { start, end }: Entry): Entry[] | null {
  const newline = text.indexOf('\n', start)
  const first = newline < 0 ? end : newline + 1
  if (!/:\s*(?:#.*)?$/.test(text.slice(start, first))) return null
  if (first >= end) return []
  const indent = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)\S/.exec(text.slice(first, end))?.[1]?.length
  return indent === undefined ? [] : splitBlock(text, { start: first, end, indent })
}

const KEY = /^(?:'((?:[^']|'')*)'|"((?:[^"\\])*)"|([^\s'"#&*!|>%@`?{[-][^\n]*?))\s*:(?=\s|$)/

/** Splits a block mapping at the lines that are indented as its keys are. */
function splitBlock(text: string, { start, end, indent }: Block): Entry[] | null {
  const entries: Entry[] = []
  for (let line = start; line < end; ) {
    const newline = text.indexOf('\n', line)
    const next = newline < 0 || newline >= end ? end : newline + 1
    const column = indentOf(text, line, next)
    if (column !== null && column < indent) return null
    if (column === indent && text.charCodeAt(line + indent) !== HASH) {
      const content = text.slice(line + indent, next)
      if (!/^(?:---|\.\.\.)\s*$/.test(content)) {
        const match = KEY.exec(content)
        if (match) {
          const last = entries.at(-1)
          if (last) last.end = line
          const key = match[1]?.replaceAll("''", "'") ?? match[2] ?? match[3] ?? ''
          entries.push({ key, start: line, end })
        } else if (content.charCodeAt(0) !== DASH || entries.length === 0) {
          // A list may be indented no further than the key that it belongs to.
          return null
        }
      }
    }
    line = next
  }
  return entries
}

const HASH = 0x23
const DASH = 0x2d
const SPACE = 0x20

/** Null for a line with nothing on it. */
function indentOf(text: string, line: number, end: number): number | null {
  let at = line
  while (at < end && text.charCodeAt(at) === SPACE) at++
  const code = text.charCodeAt(at)
  return at >= end || code === 0x0a || code === 0x0d ? null : at - line
}

const REFERENCE = /\$ref['"]?\s*:\s*['"]?#\/components\/([\w-]+)\/([^'"\s,}]+)/g

/** What is referred to from the kept paths, and from what is kept because of it. */
function keepReachable(
  text: string,
  keptPaths: readonly Entry[],
  groups: readonly Entry[],
): string[] | null {
  const byGroup = new Map<string, Map<string, Entry>>()
  for (const group of groups) {
    const entries = splitBelow(text, group)
    if (!entries) return null
    byGroup.set(group.key, new Map(entries.map((entry) => [entry.key, entry])))
  }
  const reached = new Map<string, Set<Entry>>()
  const pending: Entry[] = [...keptPaths]
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    for (const [, group = '', written = ''] of text
      .slice(entry.start, entry.end)
      .matchAll(REFERENCE)) {
      const name = componentName(written)
      const target = byGroup.get(group)?.get(name)
      if (!target) continue
      const kept = reached.get(group) ?? new Set<Entry>()
      reached.set(group, kept)
      if (kept.has(target)) continue
      kept.add(target)
      pending.push(target)
    }
  }
  return groups.flatMap((group) => {
    const header = text.slice(group.start, text.indexOf('\n', group.start) + 1)
    // How to sign in is referred to by its name alone.
    if (group.key === 'securitySchemes') return [textOf(text, group)]
    const entries = [...(reached.get(group.key) ?? [])].sort((a, b) => a.start - b.start)
    return entries.length === 0 ? [] : [header, ...entries.map((entry) => textOf(text, entry))]
  })
}

/** A reference is a JSON pointer in a URL's fragment; its first segment alone names the component. */
function componentName(written: string): string {
  const [segment = ''] = written.split('/', 1)
  const plain = segment.replaceAll('~1', '/').replaceAll('~0', '~')
  if (!plain.includes('%')) return plain
  try {
    return decodeURIComponent(plain)
  } catch {
    // A name with a bare percent sign stands for itself.
    return plain
  }
}
