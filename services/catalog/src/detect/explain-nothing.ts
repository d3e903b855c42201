import { ServiceError } from '@executor/contracts'
import type { PresetEntry } from '../presets/preset.ts'
import type { DetectInput } from './classify-input.ts'
import type { Attempt } from './shared-fetch.ts'

interface Evidence {
  tried: readonly Attempt[]
  /** What each kind said of it. */
  notes: readonly string[]
}

const ATTEMPTS_SHOWN_MAX = 6
const MESSAGE_CHARS_MAX = 2_000

/** Says what was tried and what came back, for the person who has to try something else. */
export function explainNothing(input: DetectInput, { tried, notes }: Evidence): ServiceError {
  const attempts = tried.slice(0, ATTEMPTS_SHOWN_MAX).map(({ url, outcome }) => `${url} ${outcome}`)
  const more = tried.length - attempts.length
  const lines = [
    input.type === 'url'
      ? 'Nothing that can be added was found there: no OpenAPI or Discovery document, no GraphQL endpoint, no MCP server.'
      : 'The text is nothing that can be added: no OpenAPI or Discovery document and no GraphQL schema.',
    ...(attempts.length > 0
      ? [`Tried: ${attempts.join('; ')}${more > 0 ? `; ${more} more` : ''}.`]
      : []),
    ...[...new Set(notes)],
  ]
  return new ServiceError(
    'invalid_argument',
    'detect_nothing',
    lines.join(' ').slice(0, MESSAGE_CHARS_MAX),
    { details: { tried: tried.slice(0, 20) } },
  )
}

const SUGGESTIONS_MAX = 5

/** One that looks like a preset's name is told which there are. */
export function nothingOfTheName(text: string, presets: readonly PresetEntry[]): ServiceError {
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2)
  const close = presets
    .filter(({ id, name, family }) =>
      words.some((word) => `${id} ${name} ${family}`.toLowerCase().includes(word)),
    )
    .slice(0, SUGGESTIONS_MAX)
    .map(({ id }) => id)
  const advice =
    close.length > 0
      ? `Did you mean ${[...new Set(close)].join(', ')}?`
      : 'Give an address, a document, a command that starts an MCP server, or the name of a preset.'
  return new ServiceError(
    'invalid_argument',
    'detect_nothing',
    `"${text.slice(0, 100)}" is no address, no document, no command and no preset. ${advice}`,
  )
}
