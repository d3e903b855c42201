import { isCallToolResult } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { isContentBlock } from './mcp-block.ts'

const png = { type: 'image', data: 'iVBORw==', mimeType: 'image/png' }
const link = { type: 'resource_link', uri: 'https://a.example/b', name: 'b' }
const resource = { uri: 'file:///a', mimeType: 'text/plain' }
let deep: unknown = 1
for (let level = 0; level < 10_000; level++) deep = [deep]

describe('isContentBlock', () => {
  it.each([
    { type: 'text', text: '' },
    { type: 'text', text: 'a', annotations: { audience: ['user'], priority: 1 }, extra: true },
    png,
    { ...png, annotations: { lastModified: '2026-01-01T00:00:00+02:00' }, _meta: { a: 1 } },
    { type: 'audio', data: '', mimeType: 'audio/wav' },
    { ...link, title: 'B', size: 5, icons: [{ src: 'https://a.example/i.png', sizes: ['48x48'] }] },
    { type: 'resource', resource: { ...resource, text: 'a' } },
    { type: 'resource', resource: { ...resource, blob: 'YQ==' } },
  ])('takes what a client takes: %j', (block) => {
    expect(isContentBlock(block)).toBe(true)
    expect(isCallToolResult({ content: [block] })).toBe(true)
  })

  it.each([
    { type: 'text', text: 5 },
    { type: 'image', data: 5 },
    { ...png, data: 'no base64!' },
    { ...png, mimeType: undefined },
    { ...png, annotations: { audience: ['nobody'] } },
    { ...png, annotations: { priority: 2 } },
    { ...png, annotations: { lastModified: 'yesterday' } },
    { ...png, _meta: 'a' },
    { type: 'audio', mimeType: 'audio/wav' },
    { ...link, name: 1 },
    { ...link, uri: undefined },
    { ...link, icons: [{}] },
    { type: 'resource', resource },
    { type: 'resource', resource: { text: 'a' } },
    { type: 'resource', resource: { ...resource, blob: '%' } },
    { type: 'resource' },
    { type: 'video', data: 'YQ==', mimeType: 'video/mp4' },
  ])('takes no block that a client refuses: %j', (block) => {
    expect(isContentBlock(block)).toBe(false)
    expect(isCallToolResult({ content: [block] })).toBe(false)
  })

  it.each([
    ['what is no object', 'text'],
    ['what is deeper than notes are', { type: 'text', text: 'a', _meta: { deep } }],
    ['base64 that lacks its end', { ...png, data: 'iVBORw' }],
  ])('takes no %s', (_, value) => {
    expect(isContentBlock(value)).toBe(false)
  })

  it('takes files as large as they come', () => {
    expect(isContentBlock({ ...png, data: 'A'.repeat(20_000_000) })).toBe(true)
  })
})
