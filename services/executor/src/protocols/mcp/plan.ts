import {
  type IntegrationSettings,
  McpBinding,
  McpConfig,
  type Operation,
} from '@executor/contracts'
import { bindingError } from '../failures.ts'

const bindings = new WeakMap<Operation, McpBinding>()
const configs = new WeakMap<IntegrationSettings, McpConfig>()

/** What the importer wrote down for this operation; read once for each `Operation` object. */
export function bindingOf(operation: Operation): McpBinding {
  const known = bindings.get(operation)
  if (known) return known
  const parsed = McpBinding.safeParse(operation.binding)
  if (!parsed.success)
    throw bindingError(
      `${operation.name} is stored in a form that cannot be called; refresh its integration.`,
    )
  bindings.set(operation, parsed.data)
  return parsed.data
}

export function configOf(settings: IntegrationSettings): McpConfig {
  const known = configs.get(settings)
  if (known) return known
  const parsed = McpConfig.safeParse(settings.config)
  if (!parsed.success)
    throw bindingError(`The settings of ${settings.slug} cannot be read; configure it again.`)
  configs.set(settings, parsed.data)
  return parsed.data
}
