import { type PathSelection, ServiceError } from '@executor/contracts'
import { GOOGLE_PRESETS } from './google.ts'
import { GRAPHQL_PRESETS } from './graphql.ts'
import { MCP_PRESETS } from './mcp.ts'
import { MICROSOFT_PRESETS } from './microsoft.ts'
import { OPENAPI_PRESETS } from './openapi.ts'
import type { PresetEntry } from './preset.ts'

/** Every preset, in the order in which they are shown. */
export const PRESETS: readonly PresetEntry[] = [
  ...OPENAPI_PRESETS,
  ...GRAPHQL_PRESETS,
  ...MCP_PRESETS,
  ...GOOGLE_PRESETS,
  ...MICROSOFT_PRESETS,
]

/** The families whose presets can be named without theirs: `gmail`, `mail`. */
const SHORT = ['google-', 'microsoft-']

/** Presets of that id or name, whatever their kind: the id first, then what is short for it. */
export function findPresets(text: string, kind?: string): PresetEntry[] {
  const wanted = plain(text)
  if (wanted === '') return []
  const ofKind = PRESETS.filter((entry) => kind === undefined || entry.kind === kind)
  const exact = ofKind.filter(({ id, name }) => plain(id) === wanted || plain(name) === wanted)
  if (exact.length > 0) return exact
  return ofKind.filter(({ id }) => SHORT.some((prefix) => plain(id) === plain(prefix) + wanted))
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '')
}

/** What a preset asks its kind to add. Several have to be parts of one description. */
export function choosePreset(kind: string, choice: string | readonly string[]): PresetEntry {
  const ids = typeof choice === 'string' ? [choice] : [...new Set(choice)]
  const [first, ...others] = ids.map((id) => getPreset(kind, id))
  if (!first) throw presetUnknown(kind, '')
  if (others.length === 0) return first
  const whole = [first, ...others].find((entry) => entry.input.paths === undefined)
  const isOne = others.every(
    ({ input, family }) => input.spec === first.input.spec && family === first.family,
  )
  if (!isOne || (whole && whole !== first)) throw presetsDiffer(ids)
  return whole ? first : joinParts(first, others)
}

function getPreset(kind: string, id: string): PresetEntry {
  const [found, ...others] = findPresets(id, kind)
  if (!found) throw presetUnknown(kind, id)
  if (others.length > 0) throw presetUnclear(id, [found, ...others])
  return found
}

function joinParts(first: PresetEntry, others: readonly PresetEntry[]): PresetEntry {
  const all = [first, ...others]
  const selections = all.map(({ input }) => input.paths as PathSelection)
  const scopes = all.flatMap(({ input }) => (input.oauthScopes ?? []) as string[])
  const name = all.map((entry) => entry.name).join(', ')
  return {
    ...first,
    name,
    input: {
      ...first.input,
      name: name.slice(0, NAME_CHARS_MAX),
      paths: {
        exact: [...new Set(selections.flatMap(({ exact }) => exact))],
        prefixes: [...new Set(selections.flatMap(({ prefixes }) => prefixes))],
      },
      oauthScopes: [...new Set(scopes)],
    },
  }
}
const NAME_CHARS_MAX = 256

function presetUnknown(kind: string, id: string): ServiceError {
  const other = findPresets(id)[0]
  const advice = other
    ? `It is one of ${other.kind}.`
    : 'GET /api/integrations/presets lists them all.'
  return new ServiceError(
    'invalid_argument',
    'preset_unknown',
    `There is no ${kind} preset "${id.slice(0, 100)}". ${advice}`,
  )
}

function presetUnclear(id: string, found: readonly PresetEntry[]): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'preset_unknown',
    `"${id.slice(0, 100)}" may be ${found.map((entry) => entry.id).join(' or ')}: say which.`,
  )
}

function presetsDiffer(ids: readonly string[]): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'presets_differ',
    `The presets ${ids.join(', ').slice(0, 300)} are not parts of one description: add each by itself.`,
  )
}
