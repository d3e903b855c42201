import { closest } from '@executor/contracts'
import { CommandFailure } from './failure.ts'

/** A tool as lists show it. */
export interface ListedTool {
  address: string
  name: string
  description: string
  integration: string
  connection: string
  owner: string
}

const CANDIDATES_SHOWN_MAX = 10

/**
 * The tool that path segments mean: a whole address, or a short one (`petstore findPetsByStatus`,
 * integration first) where only one tool fits. Refuses with the candidates when several do.
 */
export function resolveToolPath(
  segments: readonly string[],
  tools: readonly ListedTool[],
): ListedTool {
  const path = segments.join('.').replace(/^tools\./, '')
  const paths = tools.map((tool) => ({ tool, path: tool.address.replace(/^tools\./, '') }))
  const exact = paths.find((entry) => entry.path === path)
  if (exact) return exact.tool

  const [integration, ...rest] = path.split('.')
  const tail = rest.join('.')
  const own = paths.filter(({ tool }) => tool.integration === integration)
  for (const fits of matchers(tail)) {
    const found = own.filter(fits)
    if (found.length === 1 && found[0]) return found[0].tool
    if (found.length > 1)
      throw ambiguous(
        path,
        found.map((entry) => entry.path),
      )
  }
  throw unknown(path, own.length > 0 ? own : paths)
}

type Entry = { tool: ListedTool; path: string }

/** From the strictest reading of a short path to the loosest; the first that finds anything counts. */
function matchers(tail: string): ((entry: Entry) => boolean)[] {
  const wanted = fold(tail)
  return [
    ({ path }) => path.endsWith(`.${tail}`) && path.split('.').slice(1).join('.') === tail,
    ({ tool }) => tool.name === tail,
    ({ tool }) => `${tool.connection}.${tool.name}` === tail,
    ({ tool }) => tool.name.endsWith(`.${tail}`),
    ({ tool }) => tail === `${tool.connection}.${lastSegment(tool.name)}`,
    ({ tool }) => fold(tool.name) === wanted || fold(lastSegment(tool.name)) === wanted,
    ({ tool }) =>
      wanted !== '' && fold(tool.name.replaceAll('.', '')).endsWith(fold(tail.replaceAll('.', ''))),
  ]
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function fold(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9.]/g, '')
}

function ambiguous(path: string, candidates: string[]): CommandFailure {
  return new CommandFailure(`"${path}" could be any of these; say which:\n${list(candidates)}`)
}

function unknown(path: string, entries: Entry[]): CommandFailure {
  const paths = entries.map((entry) => entry.path)
  const near = closest(path, paths, CANDIDATES_SHOWN_MAX)
  const hint = near.length > 0 ? `\nTools that look like it:\n${list(near)}` : ''
  return new CommandFailure(`There is no tool "${path}". Try: executor tools search "…"${hint}`)
}

function list(paths: string[]): string {
  const shown = paths.slice(0, CANDIDATES_SHOWN_MAX).map((path) => `  ${path}`)
  const more = paths.length - shown.length
  return [...shown, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n')
}
