import { type Action, verbMeaning } from './actions.ts'
import type { Word } from './phrases.ts'
import { STOP_WORDS } from './words.ts'

/** What follows these says where or for whom, not what. */
export const PREPOSITION =
  /^(?:in|inside|within|into|of|on|onto|for|from|to|at|by|with|without|under|between|behind|through|via|against|about|as|than|when|whenever|while|because|if|that|so)$/

/** Openings that ask for something to look at; after "how do I" the verb says what is wanted. */
const QUESTION =
  /^(?:(?:who|whose|which|what|where|when|why|is|are|am|has|have|did|does)\b|how (?:many|much|often|long|is|are)\b)/
const DETERMINER = /^(?:a|an|the|my|our|this|that|all|some|someone|somebody|everyone|me|us)$/
/** Not `status`, `access` or `analysis`. */
const PLURAL = /[^aisu]s$/

export function isQuestion(words: readonly Word[]): boolean {
  return QUESTION.test(words.map(({ text }) => text).join(' '))
}

/** What is wanted where no verb of ours says it. */
export function impliedActions(words: readonly Word[], asked: boolean): readonly Action[] {
  const [first, second] = words
  if (!first) return []
  const looking: Action = words.some(isPlural) ? 'list' : 'read'
  if (first.text === 'who' || first.text === 'whose') return ['list']
  if (asked) return [looking]
  // "star a repository": whatever the first word means, it is something to do.
  if (second && DETERMINER.test(second.text) && !first.text.endsWith('s'))
    return ['act', 'create', 'update']
  return keywordActions(words) ?? [looking]
}

/** "show all tickets" wants a list, "show the ticket" one of them. */
export function refineActions(
  actions: readonly Action[],
  words: readonly Word[],
): readonly Action[] {
  if (actions[0] !== 'read' || actions.length > 1) return actions
  const end = words.findIndex(({ text }, at) => at > 0 && PREPOSITION.test(text))
  const object = words.slice(1, end < 0 ? words.length : end)
  return object.some(isPlural) ? ['list'] : actions
}

function isPlural({ text }: Word): boolean {
  return PLURAL.test(text) && !STOP_WORDS.has(text)
}

/** "issue create": bare keywords name the action where they like. */
function keywordActions(words: readonly Word[]): readonly Action[] | undefined {
  if (words.some(({ text }) => STOP_WORDS.has(text))) return undefined
  for (const { text } of words) {
    const meaning = text.endsWith('s') ? undefined : verbMeaning(text)
    if (meaning) return meaning.actions
  }
  return undefined
}
