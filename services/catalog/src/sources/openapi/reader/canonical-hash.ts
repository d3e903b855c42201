import { hash } from 'node:crypto'

/** SHA-256 of a JSON value in which the order of keys means nothing. */
export function canonicalHash(value: unknown): string {
  return hash('sha256', encode(value))
}

export function textHash(text: string): string {
  return hash('sha256', text)
}

/**
 * Every value in one spelling. Text stands behind its length, so that nothing in it needs escaping;
 * this is run over everything an import makes, and escaping would take most of its time.
 */
function encode(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `${value.length}:${value}`
    case 'number':
      return `n${value};`
    case 'boolean':
      return value ? 't' : 'f'
    default:
      return typeof value === 'object' && value !== null ? encodeContainer(value) : '-'
  }
}

function encodeContainer(value: object): string {
  let text: string
  if (Array.isArray(value)) {
    text = '['
    for (const item of value) text += encode(item)
    return `${text}]`
  }
  text = '{'
  for (const key of sortedKeys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) text += `${key.length}:${key}${encode(member)}`
  }
  return `${text}}`
}

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort()
  }
  return keys
}
