import { isObject, type JsonObject } from './messages.ts'

/** What a client says it can be asked while it waits for a call. */
export interface Abilities {
  /** It shows its user a form. */
  form: boolean
  /** It lets its user open a link. */
  url: boolean
  /** It asks its model. */
  sampling: boolean
}

export const NO_ABILITIES: Abilities = { form: false, url: false, sampling: false }
const LETTERS: Record<keyof Abilities, string> = { form: 'f', url: 'u', sampling: 's' }

/** Reads `capabilities` of a client; an empty `elicitation` has always meant forms. */
export function readAbilities(capabilities: unknown): Abilities {
  if (!isObject(capabilities)) return NO_ABILITIES
  const { elicitation, sampling } = capabilities
  const modes: JsonObject = isObject(elicitation) ? elicitation : {}
  const isBare = isObject(elicitation) && modes.form === undefined && modes.url === undefined
  return {
    form: isBare || isObject(modes.form),
    url: isObject(modes.url),
    sampling: isObject(sampling),
  }
}

/** As a part of a session's id. */
export function encodeAbilities(abilities: Abilities): string {
  const letters = Object.entries(LETTERS).filter(([name]) => abilities[name as keyof Abilities])
  return letters.map(([, letter]) => letter).join('') || '0'
}

export function decodeAbilities(text: string): Abilities {
  return {
    form: text.includes(LETTERS.form),
    url: text.includes(LETTERS.url),
    sampling: text.includes(LETTERS.sampling),
  }
}
