import {
  GraphqlBinding,
  GraphqlConfig,
  type IntegrationSettings,
  type Operation,
} from '@executor/contracts'
import { bindingError } from '../failures.ts'

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

const plans = new WeakMap<Operation, FieldPlan>()

/** The operation's plan; made once for each `Operation` object. */
export function planOf(operation: Operation): FieldPlan {
  const known = plans.get(operation)
  if (known) return known
  const parsed = GraphqlBinding.safeParse(operation.binding)
  if (!parsed.success)
    throw bindingError(
      `${operation.name} is stored in a form that cannot be sent; refresh its integration.`,
    )
  const binding = parsed.data
  const plan = {
    label: `${binding.operation} ${binding.field}`,
    binding,
    head: writeHead(binding, binding.document),
    isRepeatable: operation.annotations.readOnly,
  }
  plans.set(operation, plan)
  return plan
}

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

const configs = new WeakMap<IntegrationSettings, GraphqlConfig>()

export function configOf(settings: IntegrationSettings): GraphqlConfig {
  const known = configs.get(settings)
  if (known) return known
  const parsed = GraphqlConfig.safeParse(settings.config)
  if (!parsed.success)
    throw bindingError(`The settings of ${settings.slug} cannot be read; configure it again.`)
  configs.set(settings, parsed.data)
  return parsed.data
}
