/** What a server offers that changes its mind: another tool, one less, and one that says something else. */
const OFFERS = [
  [
    toolOf('change', 'Moves on to what is offered next.'),
    toolOf('greet', 'Greets.', { name: { type: 'string' } }),
    toolOf('wave', 'Waves.'),
  ],
  [
    toolOf('change', 'Moves on to what is offered next.'),
    toolOf('greet', 'Greets loudly.', { name: { type: 'string' }, volume: { type: 'number' } }),
    toolOf('bow', 'Bows.'),
  ],
]

function toolOf(
  name: string,
  description: string,
  properties: Record<string, { type: string }> = {},
) {
  const annotations = { readOnlyHint: name !== 'change' }
  return { name, description, annotations, inputSchema: { type: 'object' as const, properties } }
}

let at = 0
const told = new Set<() => void>()

export const offered = () => ({ tools: OFFERS[at] ?? [] })

/** Calls back whenever the list changes, until it is told to stop. */
export function onChange(tell: () => void): () => void {
  told.add(tell)
  return () => told.delete(tell)
}

export function callTool(name: string, args: unknown) {
  if (name === 'change') {
    at = (at + 1) % OFFERS.length
    for (const tell of told) tell()
  }
  return { content: [{ type: 'text' as const, text: `${name} ${JSON.stringify(args)}` }] }
}
