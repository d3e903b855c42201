import { ACTIONS, type Action, verbMeaning } from './actions.ts'
import type { SearchDocument } from './document.ts'
import { isVersion, splitIdentifier, wordsOf } from './words.ts'

const OUTDATED = /\b(?:deprecated|legacy|obsolete|closing down)\b/i
const METHOD_ACTIONS: Record<string, Action> = {
  GET: 'read',
  HEAD: 'act',
  OPTIONS: 'act',
  TRACE: 'act',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
}
/** The action word of a description stands in its first words: "With Connect, you can create …". */
const LEADING_WORDS = 12

export function isOutdated({ deprecated, summary, description }: SearchDocument): boolean {
  return deprecated || OUTDATED.test(summary ?? '') || OUTDATED.test(description.slice(0, 120))
}

/** Fixed parts of the path: how deep the operation lies. */
export function depthOf({ path }: SearchDocument): number {
  return path === undefined ? 1 : fixedSegments(path).length
}

/** The parts of a path that say something: no templates, versions or empty prefixes. */
export function fixedSegments(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part && !part.includes('{') && !part.startsWith(':'))
    .filter((part) => !isVersion(part.toLowerCase()) && !/^(?:api|apis|rest)$/i.test(part))
}

/** The words of the name's last part, without the method some generators put in front. */
export function leafWords(document: SearchDocument): string[] {
  const words = leafOf(document)
  return startsWithMethod(words, document) ? words.slice(1) : words
}

function leafOf({ name }: SearchDocument): string[] {
  return splitIdentifier(name.slice(name.lastIndexOf('.') + 1)).filter((word) => !isVersion(word))
}

function startsWithMethod(words: readonly string[], { method }: SearchDocument): boolean {
  return words.length > 1 && words[0] === method?.toLowerCase()
}

/** By the verb of its text where that fits its method, otherwise by method and path. */
export function actionOf(document: SearchDocument): Action {
  const { method, path, summary, description, readOnly, destructive } = document
  const byShape = actionOfShape(method, path, readOnly, destructive)
  const leaf = leafOf(document)
  const candidates = [
    ...(summary ? [wordsOf(summary)[0]] : []),
    // After a method comes a thing: in `postCharge` nothing is charged.
    ...(startsWithMethod(leaf, document) ? [] : leaf.slice(0, 1)),
    ...wordsOf(description.slice(0, 200)).slice(0, LEADING_WORDS),
  ]
  for (const candidate of candidates) {
    const meaning = candidate === undefined ? undefined : verbMeaning(candidate.toLowerCase())
    const fitting = meaning?.actions.find((action) => agrees(action, byShape, method))
    if (fitting) return byShape === 'list' && fitting === 'read' ? 'list' : fitting
  }
  return byShape
}

/** A GET never creates, whatever its text begins with; a POST may do anything. */
function agrees(action: Action, byShape: Action, method: string | undefined): boolean {
  if (method === undefined || method === 'POST') return true
  if (method === 'GET') return action === 'list' || action === 'read'
  if (method === 'DELETE') return action === 'delete'
  return action !== 'list' && action !== 'read' && !(byShape === 'act')
}

function actionOfShape(
  method: string | undefined,
  path: string | undefined,
  readOnly: boolean,
  destructive: boolean,
): Action {
  if (method === undefined) return readOnly ? 'read' : destructive ? 'delete' : 'act'
  const last = path?.split('/').findLast(Boolean) ?? ''
  const onItem = last.includes('{') || last.startsWith(':')
  if (method === 'POST') return onItem ? 'update' : last.endsWith('s') ? 'create' : 'act'
  if (method === 'GET') return !onItem && last.endsWith('s') ? 'list' : 'read'
  return METHOD_ACTIONS[method] ?? 'act'
}

export function actionCode(action: Action): number {
  return ACTIONS.indexOf(action)
}
