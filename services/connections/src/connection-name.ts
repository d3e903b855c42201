import { createHash } from 'node:crypto'

const NAME_CHARS_MAX = 128
const PREFIX = 'connection'
const COMBINING_MARKS = /\p{Mn}/gu

/**
 * Names that a path like `tools.github.org.<name>` cannot have, because JavaScript asks every object
 * for them: awaiting `tools.github.org` reads `then`.
 */
const TAKEN = new Set(['then', 'prototype', 'toJSON', ...objectMembers()])

/**
 * The identifier a name is addressed by: "Alice Private" becomes `alicePrivate`. What is one already
 * stays as it is.
 */
export function connectionIdentifier(name: string): string {
  const [first = '', ...rest] = words(name)
  const identifier = lowerFirst(first) + rest.map(upperFirst).join('')
  return toValid(identifier, name).slice(0, NAME_CHARS_MAX)
}

function words(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(COMBINING_MARKS, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
}

function toValid(identifier: string, name: string): string {
  // A name of another script has no letter left; its hash keeps two such names two connections.
  if (identifier === '') return PREFIX + createHash('sha256').update(name).digest('hex').slice(0, 8)
  if (/^\d/.test(identifier) || TAKEN.has(identifier)) return PREFIX + upperFirst(identifier)
  return identifier
}

function objectMembers(): string[] {
  return Object.getOwnPropertyNames(Object.prototype)
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1)
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
