/** One event of a `text/event-stream`; its data is parsed where it is JSON. */
export interface StreamEvent {
  event?: string
  id?: string
  data: unknown
}

/** The whole events of a stream; one that was cut off in the middle is left out. */
export function parseEvents(text: string): StreamEvent[] {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n')
  // What follows the last empty line has not ended.
  return blocks.slice(0, -1).flatMap((block) => {
    const fields = { event: '', id: '', data: [] as string[] }
    for (const line of block.split('\n')) readField(line, fields)
    if (fields.data.length === 0) return []
    const event: StreamEvent = { data: parseLoosely(fields.data.join('\n')) }
    if (fields.event !== '') event.event = fields.event
    if (fields.id !== '') event.id = fields.id
    return [event]
  })
}

function readField(line: string, fields: { event: string; id: string; data: string[] }): void {
  const colon = line.indexOf(':')
  if (colon === 0) return
  const name = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'data') fields.data.push(value)
  else if (name === 'event') fields.event = value
  else if (name === 'id') fields.id = value
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Events may hold any text: `[DONE]`.
    return text
  }
}

/**
 * The lines of a JSON stream as one JSON array, each as it came. Throws `SyntaxError` for a line
 * that is none; the last one of a stream that was cut is left out.
 */
export function joinLines(text: string, isCut: boolean): string {
  // RFC 7464 begins each record with a separator, so that one may have several lines.
  const pieces = text.split(text.includes('\u001e') ? '\u001e' : '\n')
  if (isCut) pieces.pop()
  const records = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
  for (const record of records) JSON.parse(record)
  return `[${records.join(',')}]`
}
