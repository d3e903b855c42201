import type { AuthMethod, Detection, executor, Input, Owner, Principal } from '@executor/contracts'

/** One operation in the form in which the catalog stores it. */
export interface ImportedOperation {
  name: string
  /** JSON: `{name, kind, description, annotations}`. */
  listing: string
  /** JSON: `{summary?, tags, inputSchema, outputSchema?, errors?, binding}`. */
  detail: string
  /** Definitions the two schemas refer to directly. */
  refs: { input: string[]; output: string[] }
}

export interface ImportedDefinition {
  name: string
  /** JSON. */
  json: string
  /** Definitions it refers to directly. */
  refs: string[]
}

/** What a source was imported into. Rows can be read once, until the source is closed. */
export interface ImportedSnapshot {
  /** The same for the same operations and definitions, whatever order the source has them in. */
  hash: string
  /** Every operation; its hash changes with anything it says or reaches. */
  tools: { name: string; hash: string }[]
  /** In name order; batches are small enough that other requests are answered between two. */
  operations: AsyncIterable<ImportedOperation[]>
  definitions: AsyncIterable<ImportedDefinition[]>
  /** Built while the rows are read; starts when the first of them is, or this is called. */
  index(): Promise<Uint8Array>
}

/** The text of a source that was handed in, compressed, for reading it again. */
export interface PastedText {
  hash: string
  bytes: Uint8Array
}

/** A source, read: what the catalog keeps of it. */
export interface ImportedSource {
  title: string
  description: string
  /** A slug made of the title; not checked against those that are taken. */
  suggestedSlug: string
  snapshot: ImportedSnapshot
  authMethods: AuthMethod[]
  /** What the kind's invoker reads, and what a refresh starts from. */
  config: unknown
  displayUrl?: string
  /** There is an upstream to read again. */
  canRefresh: boolean
  /**
   * What to keep where there is nothing to read again; `kept` is what is kept already. Asked for
   * before the rows are read.
   */
  pastedText?: 'kept' | (() => Promise<PastedText>)
  /** Parts that were read around, in words for the person who added it. */
  warnings: string[]
  /** Forgets the rows and frees what held them. Safe to call twice. */
  close(): void
}

/** An imported source with what its author asked it to be called. */
export interface AddedSource extends ImportedSource {
  /** As given; absent: the catalog is free to make one of `suggestedSlug`. */
  slug?: string
  /** Given, or the title. */
  name: string
  /** The shared account `default` that is made with it, where it can be called at once. */
  account?: { template: string; values?: Record<string, string> }
}

/** An integration as it is stored, for its kind to read again or to change. */
export interface StoredSource {
  config: unknown
  authMethods: AuthMethod[]
}

/** Settings after a change; tools stay as they are. */
export interface ConfiguredSource {
  config: unknown
  authMethods: AuthMethod[]
  displayUrl?: string
}

export interface SourceContext {
  /** On whose behalf it is read. */
  principal: Principal
  signal: AbortSignal
  /**
   * The document itself, where it is too long to be a part of the input, whose text is empty then: a
   * JSON string as it was sent, quotes and escapes included, for a worker to read.
   */
  document?: Uint8Array
}

/** While it is found out what an address is. */
export interface DetectContext extends SourceContext {
  /** Downloads that all kinds share. */
  fetch: FetchDocument
}

/** What adding a source would bring, as far as that can be said before it is added. */
export type Inspection = Pick<Detection, 'authMethods' | 'estimate' | 'warnings'>

/** A connection of an integration, which is known under its slug and the revision of its settings. */
export interface SourceAccount {
  integration: { slug: string; revision: string }
  owner: Owner
  name: string
}

/** What one account reaches. */
export type AccountSource = Pick<ImportedSource, 'snapshot' | 'warnings' | 'close'>

/** For kinds whose operations depend on the credential: how those of an account are found out. */
export interface AccountTools {
  /** Absent: always. False where every account reaches what the integration itself does. */
  isNeeded?(stored: StoredSource): boolean
  discover(
    stored: StoredSource,
    account: SourceAccount,
    context: SourceContext,
  ): Promise<AccountSource>
  /** Milliseconds after which it is worth asking again. */
  staleAfterMs(stored: StoredSource): number
}

export interface RefreshContext extends SourceContext {
  /** One to read it with, for kinds whose operations depend on it. */
  account?: SourceAccount
  /** The text that was handed in, compressed as it was; null where none is kept. */
  readPastedText?(): Promise<Uint8Array | null>
}

/**
 * An integration kind, as the catalog sees it. Adding one touches its own folder and one line of
 * `sources.ts`. Every method throws `ServiceError`; input is unchecked.
 */
export interface SourceKind {
  readonly kind: string
  add(input: unknown, context: SourceContext): Promise<AddedSource>
  refresh(stored: StoredSource, input: unknown, context: RefreshContext): Promise<ImportedSource>
  configure(stored: StoredSource, input: unknown): ConfiguredSource
  /** Says what `add` would do; saves nothing. */
  preview(input: unknown, context: SourceContext): Promise<unknown>
  /** What this kind makes of what a URL leads to; null when it is nothing of its own. */
  detect(url: string, context: DetectContext): Promise<Detection | null>
  /** The same for a document that was pasted. */
  detectText?(text: string, context: DetectContext): Promise<Detection | null>
  /** What `add` would bring; saves nothing. */
  inspect?(input: unknown, context: DetectContext): Promise<Inspection>
  /** Where servers of this kind usually are, when all that is known of one is its host. */
  readonly usualPaths?: readonly string[]
  /**
   * A call reaches whatever the upstream has under a name by now. What changed there is not called
   * until it was reviewed, where that is asked for; elsewhere a call is sent as it was described before.
   */
  readonly isLive?: true
  /** Absent where every account reaches the same operations. */
  readonly accountTools?: AccountTools
  close(): Promise<void>
}

/** Asks the executor what an upstream tells of itself: nobody else may show a credential. */
export type DiscoverSource = (
  input: Input<typeof executor.discoverSource>,
  context: SourceContext,
) => Promise<unknown>

/** A text document from elsewhere. `text` may be bytes: then whoever reads it decodes it. */
export interface FetchedDocument {
  text: string | Uint8Array
  /** Where it was found after redirects. */
  url: string
  contentType: string
  /** The HTTP status; absent means success. */
  status?: number
}

/** Downloads a document through the egress guard; throws `ServiceError`. */
export type FetchDocument = (
  url: string,
  options: { maxBytes: number; timeoutMs: number; signal: AbortSignal },
) => Promise<FetchedDocument>

/** Every kind this instance knows. */
export interface Sources {
  /** Throws `invalid_argument` (`integration_kind_unknown`). */
  get(kind: string): SourceKind
  /** What somebody's input may be, the surest first. Throws where it is nothing. */
  detect(input: string, context: SourceContext): Promise<Detection[]>
  close(): Promise<void>
}

/** `Swagger Petstore - OpenAPI 3.0` becomes `swagger_petstore_openapi_3_0`. */
export function toSlug(title: string): string {
  const slug = title
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return slug.slice(0, 64).replace(/_+$/, '') || 'api'
}
