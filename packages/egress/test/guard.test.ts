import type { LookupAddress } from 'node:dns'
import { afterAll, describe, expect, it } from 'vitest'
import { createEgress, type LocalNetworkAccess, type Resolve } from '../src/index.ts'
import { startUpstream } from './upstream.ts'

const closed = createEgress({ allowLocalNetwork: 'none' })
const open = createEgress({ allowLocalNetwork: 'loopback' })
const wide = createEgress({ allowLocalNetwork: 'all' })
afterAll(() => Promise.all([closed.close(), open.close(), wide.close()]))

function resolver(...answers: string[][]): Resolve & { calls: number } {
  const resolve = (
    _hostname: string,
    _options: unknown,
    callback: (error: null, addresses: LookupAddress[]) => void,
  ) => {
    const answer = answers[Math.min(fake.calls, answers.length - 1)] ?? []
    fake.calls += 1
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  const fake = Object.assign(resolve, { calls: 0 })
  return fake
}

function guarded(access: LocalNetworkAccess, resolve: Resolve) {
  return createEgress({ allowLocalNetwork: access, resolve, connectTimeoutMs: 1000 })
}

describe('the guard', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://localhost/',
    'http://0.0.0.0/',
    'http://0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://10.0.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[fe80::1]/',
    'https://127.0.0.1/',
    'http://１２７.0.0.1/',
  ])('refuses %s', async (url) => {
    const request = closed.request({ url })

    await expect(request).rejects.toMatchObject({
      code: 'permission_denied',
      reason: 'egress_blocked',
      details: { sent: false },
    })
  })

  it.each([
    'http://169.254.169.254/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
    'http://[fe80::1]/',
  ])('refuses %s even where all local addresses are open', async (url) => {
    const request = wide.request({ url })

    await expect(request).rejects.toMatchObject({
      reason: 'egress_blocked',
      message: expect.stringContaining('No setting opens it.'),
    })
  })

  it('names the setting that would open the address', async () => {
    const loopback = closed.request({ url: 'http://127.0.0.1:1/' })
    const lan = open.request({ url: 'http://192.168.0.1/' })

    await expect(loopback).rejects.toThrow(/127\.0\.0\.1.*EXECUTOR_ALLOW_LOCAL_NETWORK=loopback/)
    await expect(lan).rejects.toThrow(/192\.168\.0\.1.*EXECUTOR_ALLOW_LOCAL_NETWORK=all/)
  })

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:password@example.com/',
    'http://user@example.com/',
    '/relative',
    'https://',
  ])('refuses the URL %s', async (url) => {
    const request = closed.request({ url })

    await expect(request).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'egress_invalid_request',
    })
  })

  it('does not repeat credentials of a refused URL', async () => {
    const request = closed.request({ url: 'http://user:hunter2@example.com/' })

    await expect(request).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })

  it('refuses a name that resolves to a blocked address', async () => {
    await using upstream = await startUpstream((_request, response) => response.end('inside'))
    const egress = guarded('none', resolver(['127.0.0.1']))

    const request = egress.request({ url: `http://rebind.example:${upstream.port}/` })

    await expect(request).rejects.toMatchObject({ reason: 'egress_blocked' })
    expect(upstream.requests).toEqual([])
    await egress.close()
  })

  it('asks the resolver once per connection, so a second answer gains nothing', async () => {
    const resolve = resolver(['203.0.113.1'], ['127.0.0.1'])
    const egress = guarded('loopback', resolve)

    const request = egress.request({ url: 'http://rebind.example/' })

    await expect(request).rejects.toMatchObject({ reason: 'egress_blocked' })
    expect(resolve.calls).toBe(1)
    await egress.close()
  })

  it('connects to the allowed addresses of a name only', async () => {
    await using upstream = await startUpstream((_request, response) => response.end('loopback'))
    const egress = guarded('loopback', resolver(['192.168.99.99', '127.0.0.1']))

    const response = await egress.request({ url: `http://mixed.example:${upstream.port}/` })

    expect(response.body.toString()).toBe('loopback')
    await egress.close()
  })

  it('says that a name does not resolve', async () => {
    const request = closed.request({ url: 'http://no-such-host.invalid/' })

    await expect(request).rejects.toMatchObject({
      reason: 'egress_unreachable',
      details: { host: 'no-such-host.invalid', sent: false },
    })
  })

  it('checks addresses for clients of its dispatcher and its fetch', async () => {
    await expect(closed.fetch('http://127.0.0.1/')).rejects.toMatchObject({
      reason: 'egress_blocked',
    })
    await expect(closed.fetch('http://[::1]/')).rejects.toMatchObject({ reason: 'egress_blocked' })
  })

  it.each(['host', 'Transfer-Encoding', 'content-length', 'connection', 'bad name', 'x\r\ny'])(
    'refuses the header %j',
    async (name) => {
      const request = open.request({ url: 'http://127.0.0.1:1/', headers: { [name]: '1' } })

      await expect(request).rejects.toMatchObject({ reason: 'egress_invalid_request' })
    },
  )

  it('refuses line breaks in header values without repeating the value', async () => {
    const headers = { authorization: 'Bearer secret\r\nx-injected: 1' }

    const request = open.request({ url: 'http://127.0.0.1:1/', headers })

    await expect(request).rejects.toMatchObject({ reason: 'egress_invalid_request' })
    await expect(request).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })

  it('refuses methods that open tunnels or hold spaces', async () => {
    const methods = ['CONNECT', 'GET / HTTP/1.1\r\nx: y']

    for (const method of methods)
      await expect(open.request({ url: 'http://127.0.0.1:1/', method })).rejects.toMatchObject({
        reason: 'egress_invalid_request',
      })
  })
})
