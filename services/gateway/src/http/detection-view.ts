import type { Bus } from '@executor/bus'
import type { Detection } from '@executor/contracts'
import { createCodeMode } from '../mcp/code-mode.ts'
import { createPassthrough } from '../mcp/passthrough.ts'
import { toolsetTokens } from '../mcp/tool.ts'

/** Where each kind is added. */
const ADD_PATHS: Record<string, string> = {
  openapi: '/api/openapi/specs',
  graphql: '/api/graphql/integrations',
  mcp: '/api/mcp/servers',
}

/** Adds to what was found the request that adds it, and what the endpoint's own tools cost. */
export function createDetectionView(bus: Bus): (detection: Detection) => Detection {
  const own = {
    code: toolsetTokens(createCodeMode(bus, 'browser')),
    passthrough: toolsetTokens(createPassthrough(bus)),
  }
  return (detection) => {
    const { kind, input, estimate, name, preset } = detection
    const path = Object.hasOwn(ADD_PATHS, kind) ? ADD_PATHS[kind] : undefined
    // A preset brings its own name.
    const body = input && { ...(preset === undefined ? { name } : {}), ...input }
    return {
      ...detection,
      ...(estimate ? { estimate: { ...estimate, tokens: { ...estimate.tokens, ...own } } } : {}),
      ...(path && body ? { add: { method: 'POST', path, body } } : {}),
    }
  }
}
