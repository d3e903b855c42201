/** Beside this file when TypeScript runs as it is, beside the bundle when it was bundled. */
export function offerWorkerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? './worker.ts' : './mcp-worker.mjs', import.meta.url)
}
