import type { JsonObject } from './json.ts'

/**
 * One file of a description: the one that was asked for, or one that it refers to. Or a schema with an
 * address of its own (`$id`), which its references start from.
 */
export interface SourceDocument {
  /** Where its relative references start from; null for pasted text. */
  url: string | null
  root: JsonObject
  /** `3.0` ignores what stands beside a `$ref`; 3.1 and later do not. Swagger 2.0 counts as 3.0. */
  dialect: '3.0' | '3.1'
  /** Where the schema stands. */
  within?: { document: SourceDocument; pointer: string }
}

/** A value and the file it stands in. */
export interface Located {
  document: SourceDocument
  pointer: string
  value: unknown
  /** What its own references start from, where that is not the file. */
  base?: SourceDocument
}

/** A value that is an object, and what its references start from. */
export interface LocatedObject {
  document: SourceDocument
  value: JsonObject
}

/** The address that a relative one means; null where it leads to no page of the web. */
export function toAbsolute(path: string, base: string | null): string | null {
  const url = URL.parse(path, base ?? undefined)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null
}
