/** Distances between ordinals in base 128, low digits first, each followed by its weight. */
export function packPostings(postings: readonly number[]): Uint8Array {
  const packed = new Uint8Array((postings.length / 2) * 6)
  let size = 0
  let previous = -1
  for (let at = 0; at < postings.length; at += 2) {
    const ordinal = postings[at] ?? 0
    let distance = ordinal - previous - 1
    previous = ordinal
    while (distance >= 0x80) {
      packed[size++] = (distance & 0x7f) | 0x80
      distance >>>= 7
    }
    packed[size++] = distance
    packed[size++] = postings[at + 1] ?? 0
  }
  return packed.subarray(0, size)
}

/** Visits every operation and the weight it has. */
export function readPostings(
  bytes: Uint8Array,
  visit: (ordinal: number, weight: number) => void,
): void {
  let ordinal = -1
  for (let at = 0; at < bytes.length; ) {
    let distance = 0
    let shift = 0
    for (; (bytes[at] ?? 0) & 0x80; shift += 7) distance |= ((bytes[at++] ?? 0) & 0x7f) << shift
    distance |= (bytes[at++] ?? 0) << shift
    ordinal += distance + 1
    visit(ordinal, bytes[at++] ?? 0)
  }
}
