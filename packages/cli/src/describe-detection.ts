import type { Detection } from '@executor/contracts'

const KINDS: Record<string, string> = {
  openapi: 'An API described by OpenAPI',
  graphql: 'A GraphQL endpoint',
  mcp: 'An MCP server',
}

/** What was found, in lines for a person: what it is, what it costs, what else it could be. */
export function describeDetection(chosen: Detection, found: readonly Detection[]): string[] {
  const { kind, name, endpoint, description, estimate, confidence, warnings = [] } = chosen
  const what = KINDS[kind] ?? kind
  const sure = confidence === 'high' ? '' : ', probably'
  const at = endpoint === '' ? '' : ` at ${endpoint}`
  const others = found.filter((other) => other !== chosen)
  return [
    `${name}: ${what}${at}${sure}.`,
    ...(description ? [`  ${description.split('\n', 1)[0]?.slice(0, 200)}`] : []),
    ...(estimate ? [`  ${describeEstimate(estimate)}`] : []),
    ...warnings.map((warning) => `  Note: ${warning}`),
    ...others.map(
      (other) => `  It could also be added as ${other.kind}: ${other.name} (--kind ${other.kind})`,
    ),
  ]
}

function describeEstimate({ operations, tokens }: NonNullable<Detection['estimate']>): string {
  const direct = `${operations} operations, about ${tokens.direct.toLocaleString('en')} tokens as tools of their own`
  const { code, passthrough } = tokens
  return code === undefined || passthrough === undefined
    ? `${direct}.`
    : `${direct}; through Executor ${code} in code mode, ${passthrough} in passthrough.`
}
