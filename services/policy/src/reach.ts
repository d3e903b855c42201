import type { ConnectionRef } from '@executor/contracts'

/** Whether a pattern can match nothing but tools of one integration. */
export function isWithinIntegration(pattern: string, integration: string): boolean {
  return startsWith(pattern, [integration])
}

/** Whether a pattern can match nothing but tools of connections of one name. */
export function isWithinConnection(
  pattern: string,
  { integration, owner, connection }: ConnectionRef,
): boolean {
  return startsWith(pattern, [integration, owner, connection])
}

function startsWith(pattern: string, wanted: readonly string[]): boolean {
  const segments = pattern.split('.')
  return wanted.every((segment, index) => segments[index] === segment)
}
