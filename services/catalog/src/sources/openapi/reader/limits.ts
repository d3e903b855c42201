/**
 * Documents that one description may be split over, itself included; more is a crawl. Those that are
 * written by hand with a file for every schema have a few hundred.
 */
export const DOCUMENTS_MAX = 1_000
/** Microsoft Graph's beta, the largest published, has 22,361. */
export const OPERATIONS_MAX = 100_000
/** Real schemas nest less than 40 levels; deeper ones would overflow the stacks of their readers. */
export const SCHEMA_DEPTH_MAX = 200
/** Nesting of a whole YAML document, each schema level counting several. */
export const YAML_DEPTH_MAX = 600
/** `*alias` uses in one YAML document; each may stand for a large tree. */
export const YAML_ALIASES_MAX = 100_000
/** Keys copied by YAML's `<<`. */
export const YAML_MERGE_KEYS_MAX = 500_000
/** Values one operation or one definition may hold; YAML aliases can multiply without end. */
export const ROW_NODES_MAX = 250_000
/** Characters of text one of them may hold. */
export const ROW_CHARS_MAX = 20_000_000
/** Characters all rows of a snapshot may have; Microsoft Graph's beta makes 45 million. */
export const SNAPSHOT_CHARS_MAX = 150_000_000
/**
 * Values a document may hold, as far as its brackets, commas and line ends tell: parsed ones take up
 * to 250 bytes in JSON and 700 in YAML, and a worker that runs out of memory may take the process
 * with it. Microsoft Graph's beta has 1.9 million in JSON and 1.2 in the YAML it is published as.
 */
export const JSON_VALUES_MAX = 3_000_000
export const YAML_VALUES_MAX = 1_600_000
/** `$ref` that leads to `$ref` that leads to `$ref`. */
export const REFERENCE_HOPS_MAX = 32
/** What a description may say of one operation before it is cut. */
export const DESCRIPTION_CHARS_MAX = 16_384
/** Characters of an example that are worth showing to an agent. */
export const EXAMPLE_CHARS_MAX = 1_000
export const PATTERN_CHARS_MAX = 1_000
export const NAME_CHARS_MAX = 200
export const WARNINGS_MAX = 100
export const AUTH_METHODS_MAX = 32
export const SERVERS_MAX = 64
/** Fields of a body that are told to the search index. */
export const SEARCH_FIELDS_MAX = 100
