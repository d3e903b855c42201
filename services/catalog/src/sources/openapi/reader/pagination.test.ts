import { describe, expect, it } from 'vitest'
import { anOperation, readOperation } from './fixtures.ts'

const query = (...names: string[]) => names.map((name) => ({ name, in: 'query' }))
const answer = (properties: Record<string, unknown>, headers = {}) => ({
  200: { headers, content: { 'application/json': { schema: { type: 'object', properties } } } },
})

async function describePages(operation: Record<string, unknown>): Promise<unknown> {
  return (await readOperation(anOperation(operation, { method: 'get' }))).inputSchema.description
}

describe('describePages', () => {
  it.each([
    [
      { parameters: query('page', 'per_page', 'q'), responses: answer({}, { Link: {} }) },
      'Answers come in pages. Turn them with "page". "per_page" says how much is on one. The Link header of an answer leads to the next.',
    ],
    [
      {
        parameters: query('starting_after', 'ending_before', 'limit'),
        responses: answer({ data: {}, has_more: {} }),
      },
      'Answers come in pages. Turn them with "starting_after", "ending_before". "limit" says how much is on one. "has_more" of an answer leads to the next.',
    ],
    [
      { parameters: query('pageToken'), responses: answer({ nextPageToken: {} }) },
      'Answers come in pages. Turn them with "pageToken". "nextPageToken" of an answer leads to the next.',
    ],
    [
      { parameters: query('$skip'), responses: answer({ '@odata.nextLink': {} }) },
      'Answers come in pages. Turn them with "$skip". "@odata.nextLink" of an answer leads to the next.',
    ],
    [{ parameters: query('limit') }, undefined],
    [{ responses: answer({ next: {} }) }, undefined],
    [{}, undefined],
  ])('tells how %j goes on', async (operation, words) => {
    expect(await describePages(operation)).toBe(words)
  })
})
