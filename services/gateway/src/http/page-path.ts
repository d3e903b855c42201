const OURS = /^\/(?:api|mcp|health|\.well-known)(?:\/|$)/

/** Whether a path is the console's to show, and not an address that programs ask. */
export function isPagePath(path: string): boolean {
  return !OURS.test(path)
}
