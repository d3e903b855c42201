import type { OpenapiContent } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { call, egress, PNG } from '../test/fixtures.ts'
import { startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

describe('parts on the wire', () => {
  it('writes multipart fields in their style, and sends headers with their part', async () => {
    await using upstream = await startUpstream()
    const content = {
      mediaType: 'multipart/form-data',
      encoding: {
        list: { style: 'form', explode: false },
        object: { style: 'form', explode: true },
        deep: { style: 'deepObject' },
        file: { headers: { 'X-Kind': 'plain', 'X-Lang': null, 'X-Unsaid': null } },
      },
    }

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: {
        body: { list: ['a b', 'c'], object: { k: 'ü', l: 2 }, deep: { m: '=' }, file: 'x' },
        bodyHeaders: { file: { 'X-Lang': 'en\r\nX-Evil: 1' } },
      },
    })

    const boundary = /boundary=(\S+)$/.exec(upstream.wire.headers['content-type'] ?? '')?.[1]
    expect(upstream.wire.body.toString().replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Disposition: form-data; name="list"\r\n\r\na b,c\r\n',
        '--B\r\nContent-Disposition: form-data; name="k"\r\n\r\nü\r\n',
        '--B\r\nContent-Disposition: form-data; name="l"\r\n\r\n2\r\n',
        '--B\r\nContent-Disposition: form-data; name="deep[m]"\r\n\r\n=\r\n',
        '--B\r\nContent-Disposition: form-data; name="file"\r\nX-Kind: plain\r\nX-Lang: enX-Evil: 1\r\n\r\nx\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('sends a multipart form with files and types per part', async () => {
    await using upstream = await startUpstream()
    const content = {
      mediaType: 'multipart/form-data',
      files: ['raw'],
      encoding: {
        meta: { contentType: 'application/json' },
        raw: { contentType: 'text/csv, text/*' },
      },
    }

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: {
        body: {
          title: 'x"y\r\n',
          tags: ['a', 'b'],
          meta: { k: 1 },
          object: { n: 2 },
          image: PNG,
          raw: 'aGk=',
          none: null,
        },
      },
    })

    const boundary = /boundary=(\S+)$/.exec(upstream.wire.headers['content-type'] ?? '')?.[1]
    expect(upstream.wire.body.toString('latin1').replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nx"y\r\n\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\na\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\nb\r\n',
        '--B\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"k":1}\r\n',
        '--B\r\nContent-Disposition: form-data; name="object"\r\nContent-Type: application/json\r\n\r\n{"n":2}\r\n',
        '--B\r\nContent-Disposition: form-data; name="image"; filename="dot %221%22.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n',
        '--B\r\nContent-Disposition: form-data; name="raw"; filename="raw"\r\nContent-Type: text/csv\r\n\r\nhi\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('sends related parts without names', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: {
        method: 'POST',
        body: { required: true, contents: [{ mediaType: 'multipart/related' }] },
      },
      args: { body: { metadata: { name: 'x' }, media: { ...PNG, data: 'aGk=' } } },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Type: application\/json\r\n\r\n{"name":"x"}\r\n--.+\r\nContent-Type: image\/png\r\n\r\nhi\r\n--.+--\r\n$/,
    )
  })

  it('sends a list as parts, in its order', async () => {
    await using upstream = await startUpstream()
    const first = [{ headers: { 'X-Kind': 'meta', 'X-Open': null } }, { file: true }]
    const parts = { first, other: { contentType: 'image/*' } }
    const contents = [{ mediaType: 'multipart/mixed', parts }]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: [{ n: [1] }, 'aGk=', { ...PNG, data: 'aGk=' }, 'text', [1, 2]] },
    })

    const type = upstream.wire.headers['content-type'] ?? ''
    const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(type)?.[1]
    expect(upstream.wire.body.toString().replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Type: application/json\r\nX-Kind: meta\r\n\r\n{"n":[1]}\r\n',
        '--B\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n',
        '--B\r\nContent-Type: image/png\r\n\r\nhi\r\n',
        '--B\r\n\r\ntext\r\n',
        '--B\r\nContent-Type: application/json\r\n\r\n[1,2]\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('gives parts of a form that is a list the names it describes', async () => {
    await using upstream = await startUpstream()
    const headers = { 'Content-Disposition': 'form-data; name="tag"' }
    const contents = [
      { mediaType: 'multipart/form-data', parts: { first: [], other: { headers } } },
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: ['a', 'b'] },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Disposition: form-data; name="tag"\r\n\r\na\r\n--.+\r\nContent-Disposition: form-data; name="tag"\r\n\r\nb\r\n--.+--\r\n$/,
    )
  })

  it('sends parts within parts, of fields and of lists', async () => {
    await using upstream = await startUpstream()
    const inner: OpenapiContent = {
      mediaType: 'multipart/mixed',
      parts: { first: [{}], other: { file: true } },
    }
    const outer: OpenapiContent = {
      mediaType: 'multipart/related',
      encoding: { list: { contentType: 'multipart/mixed', content: inner } },
    }
    const contents = [
      {
        mediaType: 'multipart/form-data',
        encoding: { deep: { contentType: 'multipart/related', content: outer } },
      },
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: { note: 'x', deep: { list: [{ n: 1 }, 'aGk='] } } },
    })

    const boundaries = [
      ...upstream.wire.body.toString().matchAll(/multipart\/(\w+); boundary=(\S+)/g),
    ]
    const text = boundaries.reduce(
      (body, [, kind, boundary]) => body.replaceAll(String(boundary), String(kind)),
      upstream.wire.body.toString(),
    )
    expect(text.replaceAll(/----executor-[0-9a-f-]{36}/g, 'form')).toBe(
      [
        '--form\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n',
        '--form\r\nContent-Disposition: form-data; name="deep"\r\n',
        'Content-Type: multipart/related; boundary=related\r\n\r\n',
        '--related\r\nContent-Type: multipart/mixed; boundary=mixed\r\n\r\n',
        '--mixed\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
        '--mixed\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n--mixed--\r\n',
        '\r\n--related--\r\n',
        '\r\n--form--\r\n',
      ].join(''),
    )
  })

  it('sends what describes related files before the files', async () => {
    await using upstream = await startUpstream()
    const contents = [{ mediaType: 'multipart/related', files: ['media'] }]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: { media: 'aGk=', metadata: { name: 'x' } } },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Type: application\/json\r\n\r\n{"name":"x"}\r\n--.+\r\nContent-Type: application\/octet-stream\r\n\r\nhi\r\n--.+--\r\n$/,
    )
  })
})
