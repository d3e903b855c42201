import { z } from 'zod'
import { HealthCheckSpec } from './health-check.ts'

const PresetId = z.string().min(1).max(128)

/** A well-known integration that is added by its name. */
export const Preset = z.object({
  /** Unique among those of its kind. */
  id: PresetId,
  kind: z.string(),
  name: z.string(),
  summary: z.string(),
  /** Whose it is: presets of one family are shown together, and share an OAuth app. */
  family: z.string(),
  /** Where its description or endpoint is; a local server is started instead. */
  url: z.string().optional(),
  command: z.string().optional(),
  specFormat: z.string().optional(),
  /** What a person needs to connect it, and where it comes from. */
  credential: z.object({ hint: z.string(), url: z.string().optional() }),
  healthCheck: HealthCheckSpec.optional(),
})
export type Preset = z.infer<typeof Preset>

/** A preset in place of an integration's own settings; what stands beside it wins over the preset. */
export const PresetChoice = z
  .object({
    /** Several are added as one integration where they are parts of one description. */
    preset: z.union([PresetId, z.array(PresetId).min(1).max(64)]),
    healthCheck: HealthCheckSpec.optional(),
  })
  .catchall(z.unknown())
export type PresetChoice = z.infer<typeof PresetChoice>
