import {
  type IntegrationSettings,
  McpBinding,
  McpConfig,
  type Operation,
} from '@executor/contracts'
import { oncePer, readBinding, readConfig } from '../stored.ts'

export const bindingOf = oncePer((operation: Operation) => readBinding(McpBinding, operation))
export const configOf = oncePer((settings: IntegrationSettings) => readConfig(McpConfig, settings))
