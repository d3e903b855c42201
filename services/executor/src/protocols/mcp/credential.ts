import { type AuthMethod, SINGLE_VARIABLE } from '@executor/contracts'
import {
  NO_CREDENTIAL,
  type RenderedCredential,
  type Rendering,
  renderCredential,
} from '../credential.ts'
import type { Access } from '../protocol.ts'

/** A credential as an MCP server gets it: on the wire, or in its environment. */
export interface McpCredential extends RenderedCredential {
  environment: Record<string, string>
}

export type McpRendering =
  | { credential: McpCredential }
  | Exclude<Rendering, { credential: unknown }>

/** Fills the placements of a connection's method; what is missing is named, never left out. */
export function renderMcpCredential({ settings, credential }: Access): McpRendering {
  const method = settings.authMethods.find(({ slug }) => slug === credential.template)
  if (method?.kind === 'env') return renderEnvironment(method, credential.values)
  const rendering = renderCredential(settings.authMethods, credential)
  return 'credential' in rendering
    ? { credential: { ...rendering.credential, environment: {} } }
    : rendering
}

function renderEnvironment(
  { placements }: AuthMethod,
  values: Readonly<Record<string, string>>,
): McpRendering {
  const environment: Record<string, string> = {}
  const secrets: string[] = []
  const missing: string[] = []
  for (const { name, prefix = '', variable = SINGLE_VARIABLE, literal } of placements) {
    const value = literal ?? (Object.hasOwn(values, variable) ? values[variable] : undefined)
    if (value === undefined || value === '') missing.push(variable)
    else environment[name] = `${prefix}${value}`
    if (literal === undefined && value) secrets.push(value)
  }
  if (missing.length > 0) return { missing: [...new Set(missing)] }
  return { credential: { ...NO_CREDENTIAL, environment, secrets } }
}
