import { type Detection, ServiceError, servicePrincipal } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import type { FetchDocument, SourceKind } from '../sources/source.ts'
import { detect } from './detect.ts'

const refuse: FetchDocument = () =>
  Promise.reject(new ServiceError('unavailable', 'egress_unreachable', 'Nobody is there.'))
const context = (signal = new AbortController().signal) => ({
  principal: servicePrincipal('acme'),
  signal,
})
const found = (kind: string, parts: Partial<Detection> = {}): Detection => ({
  kind,
  confidence: 'high',
  endpoint: 'x',
  name: 'x',
  slug: 'x',
  ...parts,
})

function aKind(kind: string, parts: Partial<SourceKind> = {}): SourceKind {
  const unused = () => Promise.reject(new TypeError('not part of this test'))
  return {
    kind,
    add: unused,
    refresh: unused,
    preview: unused,
    configure: () => ({ config: {}, authMethods: [] }),
    detect: async () => null,
    close: async () => undefined,
    ...parts,
  }
}
const look = (input: string, kinds: SourceKind[], fetchDocument = refuse, signal?: AbortSignal) =>
  detect({ kinds, fetchDocument }, input, context(signal))

describe('detect', () => {
  it('lets one kind fail without the others', async () => {
    const broken = aKind('a', {
      detect: () => Promise.reject(new ServiceError('unavailable', 'x', 'It hung up.')),
    })

    const all = await look('https://x.example/a', [
      broken,
      aKind('b', { detect: async () => found('b') }),
    ])

    expect(all.map(({ kind }) => kind)).toEqual(['b'])
  })

  it('downloads what all kinds want once, and hands each its own bytes', async () => {
    let downloads = 0
    const fetchDocument: FetchDocument = async (url) => {
      downloads++
      return { text: new Uint8Array([1, 2]), url, contentType: 'text/plain' }
    }
    const seen: unknown[] = []
    const reading = (kind: string) =>
      aKind(kind, {
        async detect(url, { fetch, signal }) {
          const { text } = await fetch(url, { maxBytes: 9, timeoutMs: 9, signal })
          seen.push(text)
          structuredClone(text, { transfer: [(text as Uint8Array).buffer as ArrayBuffer] })
          return found(kind)
        },
      })

    await look('https://x.example/a', [reading('a'), reading('b')], fetchDocument)

    expect(downloads).toBe(1)
    expect(seen).toHaveLength(2)
    expect(seen[0]).not.toBe(seen[1])
  })

  it('looks where servers usually are on a host that is only named', async () => {
    const asked: string[] = []
    const kind = aKind('graphql', {
      usualPaths: ['/graphql'],
      async detect(url) {
        asked.push(url)
        return url.endsWith('/graphql') ? found('graphql', { endpoint: url }) : null
      },
    })

    const [first] = await look('x.example', [kind])

    expect(asked).toEqual(['https://x.example', 'https://x.example/graphql'])
    expect(first).toMatchObject({ confidence: 'medium', endpoint: 'https://x.example/graphql' })
    await expect(look('https://x.example/other', [kind])).rejects.toThrow('Nothing that can be')
  })

  it('says what was tried and what came back', async () => {
    const kind = aKind('openapi', {
      async detect(url, { fetch, signal }) {
        await fetch(url, { maxBytes: 9, timeoutMs: 9, signal }).catch(() => null)
        return null
      },
    })

    await expect(look('https://x.example/a', [kind])).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'detect_nothing',
      message: expect.stringContaining('https://x.example/a Nobody is there.'),
      details: { tried: [{ url: 'https://x.example/a', outcome: 'Nobody is there.' }] },
    })
  })

  it('tries only so many addresses', async () => {
    let downloads = 0
    const kind = aKind('openapi', {
      async detect(_url, { fetch, signal }) {
        for (let n = 0; n < 100; n++) {
          await fetch(`https://x.example/${n}`, { maxBytes: 9, timeoutMs: 9, signal })
        }
        return null
      },
    })
    const fetchDocument: FetchDocument = async (url) => {
      downloads++
      return { text: '', url, contentType: '' }
    }

    await expect(look('https://x.example/', [kind], fetchDocument)).rejects.toThrow('More than 16')
    expect(downloads).toBe(16)
  })

  it('stops when whoever asked does', async () => {
    const gone = new AbortController()
    const kind = aKind('a', {
      detect: (_url, { signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () =>
            reject(new ServiceError('cancelled', 'x', 'Cancelled.')),
          ),
        ),
    })

    const looking = look('https://x.example/a', [kind], refuse, gone.signal)
    gone.abort()

    await expect(looking).rejects.toThrow('aborted')
  })

  it('describes presets of every kind by their name, with what reading them told', async () => {
    const inspected: unknown[] = []
    const openapi = aKind('openapi', {
      async inspect(input) {
        inspected.push(input)
        return { authMethods: [], estimate: { operations: 7, tokens: { direct: 70 } } }
      },
    })
    const mcp = aKind('mcp', {
      inspect: () => Promise.reject(new ServiceError('unavailable', 'x', 'It is away.')),
    })

    const all = await look('Stripe', [openapi, mcp])

    expect(all).toMatchObject([
      {
        kind: 'openapi',
        preset: 'stripe',
        input: { preset: 'stripe' },
        estimate: { operations: 7 },
      },
      { kind: 'mcp', preset: 'stripe', warnings: ['mcp: It is away.'] },
    ])
    expect(inspected).toMatchObject([{ spec: expect.stringContaining('stripe') }])
  })

  it('suggests names that look like what was given', async () => {
    await expect(look('google drivee', [])).rejects.toThrow('google-')
    await expect(look('zzz', [])).rejects.toThrow('no preset')
  })

  it('says of a document what each kind said', async () => {
    const kind = (name: string) =>
      aKind(name, {
        detectText: () => Promise.reject(new ServiceError('invalid_argument', 'x', 'Not mine.')),
      })

    await expect(look('{"a": 1}', [kind('openapi'), kind('graphql')])).rejects.toThrow(
      'openapi: Not mine. graphql: Not mine.',
    )
  })
})
