import { WARNINGS_MAX } from './limits.ts'

/** What was read around: each said once, and no more of them than a person would read. */
export interface Warnings {
  add(text: string): void
  list(): string[]
}

export function createWarnings(): Warnings {
  const texts = new Set<string>()
  let dropped = 0
  return {
    add(text) {
      if (texts.size < WARNINGS_MAX) texts.add(text)
      else if (!texts.has(text)) dropped++
    },
    list() {
      return dropped === 0 ? [...texts] : [...texts, `There are ${dropped} more warnings.`]
    },
  }
}
