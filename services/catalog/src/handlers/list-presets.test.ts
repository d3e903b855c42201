import { type catalog, type Output, type ParsedInput, servicePrincipal } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { PRESETS } from '../presets/presets.ts'
import { listPresets } from './list-presets.ts'

const list = (input: ParsedInput<typeof catalog.listPresets>) =>
  listPresets()(input, {
    principal: servicePrincipal('acme'),
    signal: new AbortController().signal,
  } as Parameters<ReturnType<typeof listPresets>>[1]) as Promise<Output<typeof catalog.listPresets>>

describe('listPresets', () => {
  it('lists all of them, whole or page by page', async () => {
    const whole = await list({})
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 30, ...(cursor ? { cursor } : {}) })
      ids.push(...page.items.map(({ kind, id }) => `${kind}/${id}`))
      cursor = page.nextCursor
    } while (cursor)

    expect(whole.items).toHaveLength(PRESETS.length)
    expect(whole.nextCursor).toBeUndefined()
    expect(ids).toEqual(whole.items.map(({ kind, id }) => `${kind}/${id}`))
  })

  it.each([
    [{ query: 'issues pull' }, ['github-rest']],
    [{ query: 'LINEAR', kind: 'mcp' }, ['linear']],
    [{ family: 'exa' }, ['exa', 'exa-websets']],
    [{ query: 'nothing of the kind' }, []],
  ])('narrows by %j', async (input, expected) => {
    const { items } = await list(input)

    expect(items.map(({ id }) => id)).toEqual(expected)
  })

  it('shows what a preset reads, and what is needed to connect it', async () => {
    const { items } = await list({ query: 'chrome devtools' })
    const { items: graph } = await list({ query: 'outlook mail' })

    expect(items[0]).toMatchObject({ kind: 'mcp', command: 'npx -y chrome-devtools-mcp@latest' })
    expect(graph[0]).toMatchObject({ specFormat: 'microsoft-graph', family: 'microsoft' })
    expect(graph[0]?.credential.hint).toContain('app registration')
  })
})
