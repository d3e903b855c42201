/** One page of a list as the service wrote it: the array's text, and where to go on. */
export interface EncodedPage {
  items: string
  nextCursor: string | undefined
}

const HEAD = '{"items":'
const CURSOR = ',"nextCursor":'

/**
 * Takes `{"items":[…],"nextCursor":"…"}` apart without decoding the items. Quotes within a cursor
 * are escaped, so the last `],"nextCursor":` is the member's own. Any other form is decoded.
 */
export function sliceEncodedPage(json: string): EncodedPage {
  if (json.startsWith(HEAD)) {
    if (json.endsWith(']}')) return { items: json.slice(HEAD.length, -1), nextCursor: undefined }
    const end = json.lastIndexOf(`]${CURSOR}`)
    if (end > 0) {
      const cursor: unknown = JSON.parse(json.slice(end + 1 + CURSOR.length, -1))
      return {
        items: json.slice(HEAD.length, end + 1),
        nextCursor: typeof cursor === 'string' ? cursor : undefined,
      }
    }
  }
  const page: { items: unknown[]; nextCursor?: string } = JSON.parse(json)
  return { items: JSON.stringify(page.items), nextCursor: page.nextCursor }
}
