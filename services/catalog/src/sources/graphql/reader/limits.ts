/** The largest schema; as large as any other source document. */
export const UNPACKED_BYTES_MAX = 48 * 1024 * 1024
/** GitHub's schema, one of the largest, has 1,606. */
export const TYPES_MAX = 50_000
/** `[[Int!]!]!` is six deep in introspection; more than this is not written by people. */
export const WRAPPERS_MAX = 16
/** Lexical tokens of a schema in SDL; GitHub's has 110,000. */
export const TOKENS_MAX = 1_500_000
/** Characters of a default value that are worth telling an agent. */
export const DEFAULT_CHARS_MAX = 2_000

/** Fields of the answer itself that a default selection takes. */
export const LEAVES_MAX = 60
/** Fields it takes of an object inside the answer. */
export const NESTED_LEAVES_MAX = 5
/** Objects inside the answer that it looks into. */
export const NESTED_MAX = 12
/** The same of each entry of a list. */
export const ENTRY_LEAVES_MAX = 20
export const ENTRY_NESTED_MAX = 5
export const ENTRY_NESTED_LEAVES_MAX = 3
/** Objects that hold nothing but other objects, one in another, before it gives up. */
export const WRAPPING_MAX = 4
/** Variants of an interface or union it tells apart: the most used ones. */
export const VARIANTS_MAX = 20
export const NESTED_VARIANTS_MAX = 6
/** Fields of one variant. */
export const VARIANT_LEAVES_MAX = 8
/** Fields of a whole default selection: what a server answers within its cost limits. */
export const SELECTION_FIELDS_MAX = 250
/** Types looked into to find them; hostile schemas hold mazes. */
export const SELECTION_VISITS_MAX = 2_000
/** Entries of a list that is paged, where the caller does not say. */
export const PAGE_SIZE = 20

/** Characters in which the fields beyond the default selection are listed. */
export const FIELD_LIST_CHARS_MAX = 1_500
/** Named in warnings before they are only counted. */
export const NAMES_SHOWN_MAX = 50
