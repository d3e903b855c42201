import { CommandFailure } from './failure.ts'

export interface CallWords {
  /** The tool's path, word by word. */
  segments: string[]
  /** What is given to it: JSON, or `@file`. */
  argumentText: string | null
}

/** No tool's name begins like this; every JSON text that could be meant as arguments does. */
const ARGUMENTS = /^[{["@]/

/** The last word is the arguments when it is JSON, or names a file that holds them. */
export function splitCallWords(words: readonly string[]): CallWords {
  const index = words.findIndex((word) => ARGUMENTS.test(word))
  if (index === -1) return { segments: [...words], argumentText: null }
  if (index === 0) throw new CommandFailure('Say which tool to call, and then its arguments.')
  const after = words[index + 1]
  if (after !== undefined) throw notOneObject(`"${after}" comes after them`)
  return { segments: words.slice(0, index), argumentText: words[index] ?? '' }
}

export function parseArguments(text: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw notOneObject(error instanceof Error ? error.message : 'they are not JSON')
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  throw notOneObject(`${text.slice(0, 50)} is none`)
}

function notOneObject(why: string): CommandFailure {
  return new CommandFailure(
    `The arguments must be one JSON object, in quotes: '{"name": "value"}'. Here ${why}.`,
  )
}
