/** Without repeats, in order. */
export function unite(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())]
}

export function parseScope(scope: string | null | undefined): string[] {
  return scope?.split(/[\s,]+/).filter(Boolean) ?? []
}

/** They ask for something about the answer and are never among what was granted. */
const NOT_GRANTED = new Set(['offline_access', 'openid'])

/** What was wanted and is not there. */
export function lacking(wanted: readonly string[], granted: readonly string[]): string[] {
  return wanted.filter((scope) => !granted.includes(scope) && !NOT_GRANTED.has(scope))
}
