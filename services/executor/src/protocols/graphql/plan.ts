import {
  GraphqlBinding,
  GraphqlConfig,
  type IntegrationSettings,
  type Operation,
} from '@executor/contracts'
import { oncePer, readBinding, readConfig } from '../stored.ts'

/** An operation taken apart once, so that a call only fills in. */
export interface FieldPlan {
  /** For messages: `query repository`. */
  label: string
  binding: GraphqlBinding
  /** The request's body up to its variables, with the default selection. */
  head: string
  /** Sending it again changes nothing. */
  isRepeatable: boolean
}

/** The operation's plan; made once for each `Operation` object. */
export const planOf = oncePer((operation: Operation): FieldPlan => {
  const binding = readBinding(GraphqlBinding, operation)
  return {
    label: `${binding.operation} ${binding.field}`,
    binding,
    head: writeHead(binding, binding.document),
    isRepeatable: operation.annotations.readOnly,
  }
})

/** The body's beginning with another selection than the default. */
export function headWith({ binding }: FieldPlan, selection: string): string {
  const { document, selection: span } = binding
  if (!span) return writeHead(binding, document)
  const spliced = document.slice(0, span.start) + selection + document.slice(span.end)
  return writeHead(binding, spliced)
}

function writeHead({ field }: GraphqlBinding, document: string): string {
  const query = JSON.stringify(document)
  return `{"query":${query},"operationName":${JSON.stringify(field)},"variables":`
}

export const configOf = oncePer((settings: IntegrationSettings) =>
  readConfig(GraphqlConfig, settings),
)
