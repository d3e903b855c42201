import type { EncodedBytes } from '@executor/contracts'

/** One page of a list as the service wrote it: the array's JSON, and where to go on. */
export interface EncodedPage {
  items: Uint8Array
  nextCursor: string | undefined
}

const HEAD = Buffer.from('{"items":')
const TAIL = Buffer.from(']}')
const CURSOR = Buffer.from('],"nextCursor":')

/**
 * Takes `{"items":[…],"nextCursor":"…"}` apart without decoding the items. Quotes within a cursor
 * are escaped, so the last `],"nextCursor":` is the member's own. Any other form is decoded.
 */
export function sliceEncodedPage({ buffer, byteOffset, length }: Uint8Array): EncodedPage {
  const json = Buffer.from(buffer, byteOffset, length)
  if (json.subarray(0, HEAD.length).equals(HEAD)) {
    if (json.subarray(-TAIL.length).equals(TAIL)) {
      return { items: json.subarray(HEAD.length, -1), nextCursor: undefined }
    }
    const end = json.lastIndexOf(CURSOR)
    if (end > 0) {
      const cursor: unknown = JSON.parse(json.toString('utf8', end + CURSOR.length, length - 1))
      return {
        items: json.subarray(HEAD.length, end + 1),
        nextCursor: typeof cursor === 'string' ? cursor : undefined,
      }
    }
  }
  const { items, nextCursor } = decodePage<unknown>({ bytes: json })
  return { items: Buffer.from(JSON.stringify(items)), nextCursor }
}

/** For whoever needs what is in it. */
export function decodePage<T>({
  bytes: { buffer, byteOffset, length },
}: EncodedBytes<{ items: T[]; nextCursor?: string | undefined }>) {
  const json = Buffer.from(buffer, byteOffset, length).toString()
  return JSON.parse(json) as { items: T[]; nextCursor?: string }
}
