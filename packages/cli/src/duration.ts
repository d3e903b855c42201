import { CommandFailure } from './failure.ts'

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `30m`, `12h`, `2d`; null for `off`. */
export function parseDuration(text: string): number | null {
  if (text === 'off') return null
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const ms = UNITS[unit]
  if (count !== undefined && ms !== undefined) return Number(count) * ms
  throw new CommandFailure(`"${text}" is no time: use 30m, 12h, 2d or off.`)
}
