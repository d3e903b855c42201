import { OpenapiConfig, type OpenapiServer } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { chooseBase, resolveBase } from './servers.ts'

const NONE = OpenapiConfig.parse({})
const TENANT: OpenapiServer = {
  url: 'https://{tenant}.example.com:8443/{version}',
  variables: { tenant: { default: 'demo' }, version: { default: 'v1', enum: ['v1', 'v2'] } },
}

describe('resolveBase', () => {
  it.each([
    ['https://api.example.com', { origin: 'https://api.example.com', path: '', query: '' }],
    ['https://api.example.com/v1/', { origin: 'https://api.example.com', path: '/v1', query: '' }],
    ['http://h:8080/a/b?x=1#f', { origin: 'http://h:8080', path: '/a/b', query: 'x=1' }],
  ])('reads %s', (url, expected) => {
    const base = resolveBase(NONE, [{ url }])

    expect(base).toEqual(expected)
  })

  it('fills variables with their defaults', () => {
    const base = resolveBase(NONE, [TENANT])

    expect(base).toEqual({ origin: 'https://demo.example.com:8443', path: '/v1', query: '' })
  })

  it('prefers the base URL that a person chose', () => {
    const config = OpenapiConfig.parse({ baseUrl: 'https://proxy.example.org/x' })

    const base = resolveBase(config, [TENANT])

    expect(base).toMatchObject({ origin: 'https://proxy.example.org', path: '/x' })
  })

  it.each([[[]], [[{ url: '/v1' }]], [[{ url: 'ftp://h' }]], [[{ url: 'https://{host}' }]]])(
    'asks for a base URL where there is none to use: %j',
    (servers) => {
      const resolve = () => resolveBase(NONE, servers)

      expect(resolve).toThrow(/set a base URL/)
    },
  )
})

describe('chooseBase', () => {
  const servers = [TENANT, { url: 'https://eu.example.com' }]

  it.each<[unknown, string]>([
    ['https://eu.example.com', 'https://eu.example.com'],
    [{ url: 'https://eu.example.com' }, 'https://eu.example.com'],
    [{ variables: { tenant: 'acme' } }, 'https://acme.example.com:8443/v1'],
    [{ url: TENANT.url, variables: { version: 'v2' } }, 'https://demo.example.com:8443/v2'],
  ])('takes %j', (choice, expected) => {
    const { origin, path } = chooseBase(NONE, servers, choice)

    expect(origin + path).toBe(expected)
  })

  it.each<[unknown]>([
    ['https://evil.example.net'],
    [{ url: 'https://evil.example.net' }],
    [{ variables: { tenant: 'evil.net/' } }],
    [{ variables: { tenant: 'evil.net#' } }],
    [{ variables: { tenant: 'a@evil' } }],
    [{ variables: { tenant: 'evil.net' } }],
    [{ variables: { version: 'v3' } }],
    [{ variables: { version: '../..' } }],
    [{ variables: { other: 'x' } }],
    [JSON.parse('{"variables":{"constructor":"x"}}')],
    [7],
  ])('refuses %j', (choice) => {
    const choose = () => chooseBase(NONE, servers, choice)

    expect(choose).toThrow(expect.objectContaining({ reason: 'invalid_tool_arguments' }))
  })

  it.each([
    ['https://{host}/api', 'host'],
    ['https://api.{domain}', 'domain'],
    ['https://{tenant}.com', 'tenant'],
    ['https://api.example.com:{port}', 'port'],
    ['{scheme}://api.example.com', 'scheme'],
  ])('lets no call choose the host through %s', (url, name) => {
    const server = { url, variables: { [name]: { default: 'safe' } } }

    const choose = () => chooseBase(NONE, [server], { variables: { [name]: 'evil' } })

    expect(choose).toThrow(/would choose the host/)
  })

  it('lets a call fill a part of the path, and not leave it', () => {
    const server = {
      url: 'https://api.example.com/{space}/x',
      variables: { space: { default: 'a' } },
    }

    const base = chooseBase(NONE, [server], { variables: { space: 'b/c' } })
    const leave = () => chooseBase(NONE, [server], { variables: { space: '..' } })
    const query = () => chooseBase(NONE, [server], { variables: { space: 'a?b' } })

    expect(base.path).toBe('/b/c/x')
    expect(leave).toThrow(/characters/)
    expect(query).toThrow(/characters/)
  })
})
