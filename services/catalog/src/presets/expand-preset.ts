import { type HealthCheckSpec, PresetChoice } from '@executor/contracts'
import { toSlug } from '../sources/source.ts'
import { choosePreset } from './presets.ts'

/** What a kind is to add, once a preset was put in for its name. */
export interface ExpandedInput {
  input: unknown
  /** Of the preset; nothing where none was named. */
  suggestedSlug?: string
  healthCheck?: HealthCheckSpec
}

/** Input for a kind: as it is, or a preset's with what stands beside it. */
export function expandPreset(kind: string, input: unknown): ExpandedInput {
  const named = PresetChoice.safeParse(input)
  if (!named.success) return { input }
  const { preset: choice, healthCheck: chosen, ...given } = named.data
  const preset = choosePreset(kind, choice)
  const healthCheck = chosen ?? preset.healthCheck
  return {
    input: { ...preset.input, ...given },
    suggestedSlug: toSlug(preset.name),
    ...(healthCheck ? { healthCheck } : {}),
  }
}
