import type { HealthCheckSpec, Preset } from '@executor/contracts'

/** A preset as it is written down: what is shown, and what its kind is asked to add. */
export interface PresetEntry {
  id: string
  kind: string
  name: string
  summary: string
  family: string
  credential: Preset['credential']
  /** The input of its kind, as the add route takes it. */
  input: Record<string, unknown>
  healthCheck?: HealthCheckSpec
}

/** As clients see it. */
export function toPreset({ input, healthCheck, ...entry }: PresetEntry): Preset {
  const { spec, endpoint, command, args, specFormat } = input
  const url = spec ?? endpoint
  const words = [command, ...(Array.isArray(args) ? args : [])]
  return {
    ...entry,
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof command === 'string' ? { command: words.join(' ') } : {}),
    ...(typeof specFormat === 'string' ? { specFormat } : {}),
    ...(healthCheck ? { healthCheck } : {}),
  }
}
