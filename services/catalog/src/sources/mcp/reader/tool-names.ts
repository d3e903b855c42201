/** Gives each tool the last part of its address: `get-Weather` becomes `get_weather`, a second one `get_weather_2`. */
export function createToolNames(): (name: string) => string {
  const counts = new Map<string, number>()
  const taken = new Set<string>()
  return (name) => {
    const base = toIdentifier(name)
    let identifier: string
    do {
      const count = (counts.get(base) ?? 0) + 1
      counts.set(base, count)
      identifier = count === 1 ? base : `${base}_${count}`
    } while (taken.has(identifier))
    taken.add(identifier)
    return identifier
  }
}

const NAME_CHARS_MAX = 200

function toIdentifier(name: string): string {
  const identifier = name
    .slice(0, NAME_CHARS_MAX)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return identifier || 'tool'
}
