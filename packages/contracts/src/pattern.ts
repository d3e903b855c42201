/**
 * Rule patterns: `*` matches every address; otherwise dot segments, where `*` fills a whole segment:
 * in the middle exactly one, at the end the whole subtree and the bare prefix.
 */

/** Says what is wrong with a pattern, or `null` when it is well formed. */
export function explainPatternError(pattern: string): string | null {
  if (pattern === '*') return null
  if (pattern === '') return 'a pattern cannot be empty'
  if (pattern.length > 1024) return 'a pattern has at most 1024 characters'
  const segments = pattern.split('.')
  if (segments[0] === 'tools')
    return 'leave out the "tools." root: patterns start with the integration'
  if (segments[0] === '*') return 'a pattern cannot start with "*" unless it is only "*"'
  for (const segment of segments) {
    if (segment === '') return 'a pattern cannot have an empty segment'
    if (segment !== '*' && segment.includes('*'))
      return `"*" must fill a whole segment, not part of "${segment}"`
  }
  return null
}

/** Whether `path` (an address without `tools.`) falls under a well-formed pattern. */
export function matchPattern(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true
  if (!pattern.includes('*')) return false
  const wanted = pattern.split('.')
  const given = path.split('.')
  const subtree = wanted.at(-1) === '*'
  if (subtree) wanted.pop()
  if (subtree ? given.length < wanted.length : given.length !== wanted.length) return false
  return wanted.every((segment, index) => segment === '*' || segment === given[index])
}

/** How narrow a pattern is: `*` is 0, a subtree twice its length, an exact path one more. */
export function patternSpecificity(pattern: string): number {
  if (pattern === '*') return 0
  const segments = pattern.split('.').length
  return pattern.endsWith('.*') ? 2 * (segments - 1) : 2 * segments + 1
}
