/**
 * Asks now for what will be needed in a moment, so that several answers come together instead of one
 * after the other. The first to call what is returned gets the answer that is on its way; whoever
 * calls again, or later than `usableMs`, asks anew. An answer that nobody wants is dropped, its
 * failure included.
 */
export function askAhead<T>(ask: () => Promise<T>, usableMs: number): () => Promise<T> {
  let asked: Promise<T> | null = ask()
  const askedAt = performance.now()
  asked.catch(() => {
    // Whoever calls for it is told; nobody may.
  })
  return () => {
    const ahead = performance.now() - askedAt < usableMs ? asked : null
    asked = null
    return ahead ?? ask()
  }
}
