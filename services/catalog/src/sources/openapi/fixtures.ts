import { ServiceError, servicePrincipal } from '@executor/contracts'
import type { FetchDocument, ImportedSource, StoredSource } from '../source.ts'
import { createOpenapiKind } from './openapi.ts'

export const PETS_URL = 'https://pets.example.com/openapi.json'

/** The kind on documents that a test puts where they are asked for; to be closed. */
export function openOpenapiKind() {
  const documents = new Map<string, string | Uint8Array | ServiceError>()
  const asked: string[] = []
  const fetchDocument: FetchDocument = async (url) => {
    asked.push(url)
    const document = documents.get(url)
    if (document instanceof ServiceError) throw document
    if (document === undefined)
      return { text: 'Not found', url, contentType: 'text/plain', status: 404 }
    return { text: document, url, contentType: 'application/json', status: 200 }
  }
  const openapi = createOpenapiKind({ fetchDocument })
  return { openapi, documents, asked, fetchDocument }
}

export const principal = servicePrincipal('acme')
export const context = () => ({ principal, signal: new AbortController().signal })
export const pasted = (value: string) => ({ spec: { kind: 'blob', value } })

export async function rowsOf({ snapshot }: ImportedSource) {
  const operations = await Array.fromAsync(snapshot.operations)
  const definitions = await Array.fromAsync(snapshot.definitions)
  return { operations: operations.flat(), definitions: definitions.flat() }
}

/** As the catalog stores it. */
export function stored({ config, authMethods }: ImportedSource): StoredSource {
  return { config: structuredClone(config), authMethods }
}
