import type { Preset } from '@executor/contracts'

/** Those that have every word somewhere; what begins with it in its name comes first. */
export function filterPresets(presets: readonly Preset[], typed: string): Preset[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...presets]
  const found = presets.filter(({ id, name, summary, family, kind }) => {
    const text = `${id} ${name} ${summary} ${family} ${kind}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const isNamed = ({ name }: Preset) => name.toLowerCase().startsWith(words[0] ?? '')
  return found.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
}
