import type { FastifyReply, FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { answerList } from './paging.ts'

const request = { url: '/api/things' } as FastifyRequest
const reply = {} as FastifyReply

describe('answerList', () => {
  it('lets others have their turn between two pages of a whole list', async () => {
    const turns: string[] = []
    const pages = ['b', 'c', undefined]
    const fetchPage = async ({ cursor = 'a' }: { cursor?: string }) => {
      turns.push(cursor)
      setImmediate(() => turns.push('others'))
      return { items: [cursor], nextCursor: pages.shift() }
    }

    const list = await answerList(request, reply, {}, fetchPage)

    expect(list).toEqual(['a', 'b', 'c'])
    expect(turns).toEqual(['a', 'others', 'b', 'others', 'c'])
  })
})
