import { describe, expect, it } from 'vitest'
import { classifyInput } from './classify-input.ts'

describe('classifyInput', () => {
  it.each([
    ['https://api.example.com/openapi.json', 'https://api.example.com/openapi.json'],
    ['  HTTP://x.example ', 'HTTP://x.example'],
    ['api.example.com/v1', 'https://api.example.com/v1'],
    ['localhost:3000/graphql', 'http://localhost:3000/graphql'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('takes %j for an address', (text, url) => {
    expect(classifyInput(text)).toEqual({ type: 'url', url })
  })

  it.each([
    '{"openapi": "3.1.0"}',
    '{"data": {"__schema": {}}}',
    'openapi: 3.0.0\ninfo: {}\n',
    '# A comment.\nswagger: "2.0"\n',
    'type Query {\n  a: Int\n}',
    'type Query { a: Int }',
    '"""Words."""\nschema {\n  query: Q\n}',
    '<html></html>',
    '{ broken',
    'a: '.repeat(10_000).replace(/ /g, ' \n'),
  ])('takes %j for a document', (text) => {
    expect(classifyInput(text).type).toBe('document')
  })

  it.each([
    ['npx -y @modelcontextprotocol/server-everything', 3],
    ['/usr/local/bin/my-server', 1],
    ['./server.sh --stdio', 2],
    ["'C:\\tools\\server.exe'", 1],
    ['python3 "my server.py" --name \'a b\'', 4],
    ['DEBUG=1 uvx mcp-server-git', 3],
    ['server.mjs', 1],
  ])('takes %j for a command of %d words', (text, count) => {
    const input = classifyInput(text)

    expect(input.type).toBe('command')
    expect(input).toHaveProperty('words.length', count)
  })

  it.each([
    'stripe',
    'google calendar',
    'npx',
    'npx a | sh',
    'node $(rm -rf /)',
    'npx `x` -y',
    'ftp://x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
    "npx 'open",
  ])('takes %j for a name', (text) => {
    expect(classifyInput(text).type).toBe('name')
  })

  it.each([
    '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "x"]}}}',
    '{"servers": {"a": {"type": "http", "url": "https://x.example/mcp"}}}',
    '{"mcp": {"servers": {"a": {"url": "https://x.example/mcp"}}}}',
    '{"context_servers": {"a": {"command": "x"}}}',
    '{"a": {"command": "npx"}}',
    '{"command": "npx"}',
    '{\n  // Mine.\n  "mcpServers": {"a": {"command": "npx", "args": ["// not a comment"],},},\n}',
  ])('takes %j for settings of a server', (text) => {
    expect(classifyInput(text)).toMatchObject({ type: 'servers', servers: [{}] })
  })

  it.each([
    '{"mcpServers": {}}',
    '{"mcpServers": {"a": {"command": 1}}}',
    '{"mcpServers": {"a": {"url": "file:///etc/passwd"}}}',
    `{"mcpServers": {"a": {"command": "x", "args": ["${'y'.repeat(40_000)}"]}}}`,
    '{"__proto__": {"command": 1}}',
  ])('takes %j for no settings', (text) => {
    expect(classifyInput(text).type).toBe('document')
  })
})
