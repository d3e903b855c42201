import { ServiceError } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import { detect } from '../detect/detect.ts'
import { createFetchDocument } from './fetch-document.ts'
import { createGraphqlKind } from './graphql/graphql.ts'
import { createMcpKind } from './mcp/mcp.ts'
import { createOpenapiKind } from './openapi/openapi.ts'
import type { DiscoverSource, FetchDocument, SourceKind, Sources } from './source.ts'

export interface SourcesOptions {
  egress: Egress
  discover: DiscoverSource
  /** Where a build put the code of the worker that reads descriptions. */
  workerUrl?: URL
}

/** The kinds of this instance; every download goes through the egress guard. */
export function createSources({ egress, discover, ...options }: SourcesOptions): Sources {
  const fetchDocument = createFetchDocument(egress)
  const kinds = [
    createOpenapiKind({ fetchDocument, ...options }),
    createGraphqlKind({ discover }),
    createMcpKind({ discover }),
  ]
  return combineKinds(kinds, fetchDocument)
}

export function combineKinds(kinds: readonly SourceKind[], fetchDocument: FetchDocument): Sources {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]))
  return {
    get(name) {
      const kind = byName.get(name)
      if (kind) return kind
      const known = [...byName.keys()].join(', ')
      throw new ServiceError(
        'invalid_argument',
        'integration_kind_unknown',
        `There is no integration kind "${name.slice(0, 100)}". Known kinds: ${known}.`,
      )
    },
    detect: (input, context) => detect({ kinds, fetchDocument }, input, context),
    async close() {
      await Promise.all(kinds.map((kind) => kind.close()))
    },
  }
}
