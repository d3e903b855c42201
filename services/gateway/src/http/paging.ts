import { setImmediate } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

/** Items asked for at once where a client wants the whole list. */
export const PAGE_ITEMS_MAX = 1000

/** Every list route takes these; without `limit` it answers the whole list. */
export const PageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_ITEMS_MAX).optional(),
  cursor: z.string().max(512).optional(),
}

export interface PageInput {
  limit?: number | undefined
  cursor?: string | undefined
}
interface Page<T> {
  items: T[]
  nextCursor?: string | undefined
}

/** Answers one page, naming the next in headers, or all of them where no `limit` was given. */
export async function answerList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  page: PageInput,
  fetchPage: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  if (page.limit !== undefined) {
    const { items, nextCursor } = await fetchPage(from(page.limit, page.cursor))
    nameNextPage(request, reply, nextCursor)
    return items
  }
  const all: T[] = []
  let cursor = page.cursor
  do {
    const { items, nextCursor } = await fetchPage(from(PAGE_ITEMS_MAX, cursor))
    all.push(...items)
    cursor = nextCursor
    if (cursor !== undefined) await othersFirst()
  } while (cursor !== undefined)
  return all
}

/**
 * To be awaited between two pages of a long list. With services in the same process and a database
 * that answers at once, promises alone would keep everybody else waiting until the last page.
 */
export async function othersFirst(): Promise<void> {
  await setImmediate()
}

export function from(
  limit: number,
  cursor: string | undefined,
): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit } : { limit, cursor }
}

/** The body of a list stays the array that clients know; where to go on is in the headers. */
export function nameNextPage(
  request: FastifyRequest,
  reply: FastifyReply,
  nextCursor: string | undefined,
): void {
  if (nextCursor === undefined) return
  const [path = '/', search = ''] = request.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('cursor', nextCursor)
  reply.header('x-next-cursor', nextCursor)
  reply.header('link', `<${path}?${query}>; rel="next"`)
}
