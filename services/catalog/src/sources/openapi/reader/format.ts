import type { JsonPatchOperation, PathSelection, SpecFormat } from '@executor/contracts'
import { convertDiscovery, isDiscovery } from './google-discovery/convert-discovery.ts'
import type { JsonObject } from './json.ts'
import { convertMicrosoftGraph } from './microsoft-graph.ts'
import { applyOverrides } from './overrides.ts'
import { parseDocument } from './parse-document.ts'
import { selectPaths } from './path-selection.ts'
import type { Warnings } from './warnings.ts'
import { sieveYaml } from './yaml-sieve.ts'

/** A document, and how it is to be read. */
export interface PublishedDocument {
  source: string | Uint8Array
  overrides: readonly JsonPatchOperation[]
  /** Absent: the document says it itself. */
  format?: SpecFormat | undefined
  /** Absent: all of it. */
  paths?: PathSelection | undefined
}

/** A description as OpenAPI, whatever it was written in. */
export interface OpenedDescription {
  root: JsonObject
  format: SpecFormat
}

/**
 * Parses a document, corrects it, converts it and leaves out what is not wanted. Overrides are made
 * for the document as it is published, and it is the published document that they are applied to.
 */
export function openFormat(request: PublishedDocument, warnings: Warnings): OpenedDescription {
  const { source, overrides, paths } = request
  // An override may reach what a selection leaves out.
  const sieve =
    paths && overrides.length === 0 ? (yaml: string) => sieveYaml(yaml, paths) : undefined
  const published = applyOverrides(parseDocument(source, 'The document', sieve), overrides)
  const format = request.format ?? (isDiscovery(published) ? 'google-discovery' : 'openapi')
  const root = convert(published, format, warnings)
  return { root: paths ? selectPaths(root, paths) : root, format }
}

function convert(published: JsonObject, format: SpecFormat, warnings: Warnings): JsonObject {
  if (format === 'google-discovery') return convertDiscovery(published, warnings)
  if (format === 'microsoft-graph') return convertMicrosoftGraph(published)
  return published
}
