/**
 * Where the worker's code is: beside this file when TypeScript runs as it is, beside the bundle when
 * it was bundled. A build gives the worker's own bundle this name, or passes another URL.
 */
export function readerWorkerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  return new URL(isSource ? './worker.ts' : './openapi-worker.mjs', import.meta.url)
}
