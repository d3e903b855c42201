/** What the index knows of one operation; whoever imports a source fills it from what the source says. */
export interface SearchDocument {
  /** The tool's name: `group.leaf`, dots included. */
  name: string
  /** The path as the source writes it, with its `{templates}`; absent where there is none. */
  path?: string
  /** The HTTP method, in capitals; absent where there is none. */
  method?: string
  summary?: string
  description: string
  /** Every argument, the fields of a body included. */
  parameters: readonly { name: string; description?: string }[]
  tags: readonly string[]
  readOnly: boolean
  destructive: boolean
  deprecated: boolean
}
