import { describe, expect, it } from 'vitest'
import { anOperation, readOperation } from './fixtures.ts'

describe('answers', () => {
  const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })

  it.each<[string, Record<string, unknown>, unknown]>([
    [
      'one success',
      { 200: json({ type: 'string' }), 404: json({ type: 'number' }) },
      { type: 'string' },
    ],
    ['a range', { '2XX': json({ type: 'string' }) }, { type: 'string' }],
    ['only a default', { default: json({ type: 'string' }) }, { type: 'string' }],
    [
      'a default beside errors',
      { default: json({ type: 'string' }), 400: json({}) },
      { type: 'string' },
    ],
    ['no content', { 204: {} }, { type: 'null' }],
    [
      'content or none',
      { 200: json({ type: 'string' }), 204: {} },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    [
      'the same twice',
      { 200: json({ type: 'string' }), 201: json({ type: 'string' }) },
      { type: 'string' },
    ],
    ['a success without words', { 200: {} }, undefined],
    [
      'text',
      { 200: { content: { 'text/csv': {} } } },
      { type: 'string', description: 'Text, as text/csv.' },
    ],
    [
      'a stream',
      { 200: { content: { 'application/x-ndjson': { schema: { type: 'object' } } } } },
      { type: 'array', items: { type: 'object' } },
    ],
    [
      'JSON rather than what stands before it',
      {
        200: {
          content: { 'text/html': {}, 'application/hal+json': { schema: { type: 'object' } } },
        },
      },
      { type: 'object' },
    ],
    ['nothing at all', {}, undefined],
  ])('described by %s', async (_, responses, expected) => {
    expect((await readOperation(anOperation({ responses }))).outputSchema).toEqual(expected)
  })

  it('that are files say so', async () => {
    const responses = { 200: { content: { 'application/pdf': {} } } }

    const { outputSchema, description } = await readOperation(anOperation({ responses }))

    expect(outputSchema).toEqual({ $ref: '#/$defs/ToolFile' })
    expect(description).toContain('emit(result.data)')
  })

  it('are listed with their media types', async () => {
    const responses = { 200: json({}), '4xx': json({}), default: {}, 'x-note': {} }

    const { binding } = await readOperation(anOperation({ responses }))

    expect(binding.responses).toEqual([
      { status: '200', mediaTypes: ['application/json'] },
      { status: '4XX', mediaTypes: ['application/json'] },
      { status: 'default', mediaTypes: [] },
    ])
  })
})

describe('answers in the words of later versions', () => {
  it('describes events as they are handed on, whichever version describes them', async () => {
    const data = { type: 'object', properties: { delta: { type: 'string' } } }
    const event = { properties: { data: { type: 'string', contentSchema: data } } }
    const answer = (media: object) =>
      readOperation(
        anOperation({ responses: { 200: { content: { 'text/event-stream': media } } } }),
      )

    const before = await answer({ schema: data })
    const now = await answer({ itemSchema: event })

    const items = {
      type: 'object',
      properties: { event: { type: 'string' }, id: { type: 'string' }, data },
      required: ['data'],
    }
    expect(before.outputSchema).toEqual({ type: 'array', items })
    expect(now.outputSchema).toEqual({ type: 'array', items })
  })

  it('takes the answer without a status for a success, but not beside a redirect', async () => {
    const schema = { type: 'object' }
    const fallback = { content: { 'application/json': { schema } } }
    const read = (responses: object) => readOperation(anOperation({ responses }))

    const alone = await read({ default: fallback, 404: {} })
    const redirecting = await read({ default: fallback, 302: {} })

    expect(alone.outputSchema).toEqual({ type: 'object' })
    expect(redirecting.outputSchema).toBeUndefined()
  })
})
