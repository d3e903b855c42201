import type { PathSelection } from '@executor/contracts'
import { extractionFailed } from './document-error.ts'
import { isObject, type JsonObject, ownValue, setOwn } from './json.ts'

/** Whether a path is among those wanted; what follows a `#` only tells operations apart. */
export function createPathFilter({ exact, prefixes }: PathSelection): (path: string) => boolean {
  const whole = new Set(exact)
  const starts = prefixes.map((prefix) => prefix.replace(/\/+$/, ''))
  return (written) => {
    const [path = ''] = written.split('#', 1)
    return whole.has(path) || starts.some((start) => isBelow(path, start))
  }
}

function isBelow(path: string, start: string): boolean {
  if (!path.startsWith(start)) return false
  const next = path.charAt(start.length)
  return next === '' || next === '/' || next === '(' || next === ':'
}

/** A description without the paths that are not wanted. Throws when none of them is left. */
export function selectPaths(root: JsonObject, selection: PathSelection): JsonObject {
  const isWanted = createPathFilter(selection)
  const { paths } = root
  const selected: JsonObject = {}
  for (const path of isObject(paths) ? Object.keys(paths) : []) {
    if (isWanted(path)) setOwn(selected, path, ownValue(paths, path))
  }
  if (Object.keys(selected).length > 0) return { ...root, paths: selected }
  const [first = 'nothing'] = [...selection.prefixes, ...selection.exact]
  throw extractionFailed(
    `The document describes none of the selected paths: none is, or begins with, "${first.slice(0, 200)}".`,
  )
}
