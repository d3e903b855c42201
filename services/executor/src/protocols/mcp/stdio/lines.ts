const LINE_FEED = 0x0a

/** Splits what comes in pieces into lines. `push` answers false where a line grows beyond the bound. */
export function createLines(onLine: (line: string) => void, maxBytes: number) {
  let pieces: Buffer[] = []
  let size = 0

  function take(end: Buffer): string {
    const line = pieces.length === 0 ? end : Buffer.concat([...pieces, end])
    pieces = []
    size = 0
    return line.toString('utf8')
  }

  return {
    push(chunk: Buffer): boolean {
      let start = 0
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, start)) {
        onLine(take(chunk.subarray(start, at)))
        start = at + 1
      }
      const rest = chunk.subarray(start)
      if (rest.length > 0) pieces.push(rest)
      size += rest.length
      return size <= maxBytes
    },
  }
}
