import { afterAll, describe, expect, it } from 'vitest'
import { createEgress } from '../src/index.ts'
import { startUpstream } from './upstream.ts'

const egress = createEgress({ allowLocalNetwork: 'loopback' })
afterAll(() => egress.close())

async function startRedirecting(status: number, location: string) {
  return await startUpstream((_request, response) => {
    response.writeHead(status, { location }).end('elsewhere')
  })
}

describe('redirects', () => {
  it('keep credentials on their origin', async () => {
    await using other = await startUpstream((_request, response) => response.end('other'))
    await using first = await startRedirecting(302, `${other.origin}/b?api_key=K&keep=1`)

    const response = await egress.request({
      url: `${first.origin}/a?api_key=K`,
      headers: {
        Authorization: 'Bearer T',
        cookie: 'session=S',
        'X-Api-Key': 'K',
        accept: 'text/plain',
      },
      credentials: { headers: ['x-api-key'], query: ['api_key'] },
    })

    expect(response.body.toString()).toBe('other')
    expect(response.url).toBe(`${other.origin}/b?keep=1`)
    expect(response.redirected).toBe(true)
    expect(first.requests[0]?.headers).toMatchObject({
      'x-api-key': 'K',
      authorization: 'Bearer T',
    })
    expect(other.requests[0]?.path).toBe('/b?keep=1')
    expect(other.requests[0]?.headers).toMatchObject({ accept: 'text/plain' })
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(other.requests[0]?.headers).not.toHaveProperty('cookie')
    expect(other.requests[0]?.headers).not.toHaveProperty('x-api-key')
  })

  it('count another name of the same address as another origin', async () => {
    await using target = await startUpstream((request, response) => {
      if (request.url === '/start')
        response.writeHead(307, { location: `http://localhost:${target.port}/end` })
      response.end()
    })

    await egress.request({
      url: `${target.origin}/start`,
      headers: { 'x-key': 'K' },
      credentials: { headers: ['X-Key'] },
    })

    expect(target.requests.map(({ path, headers }) => [path, headers['x-key']])).toEqual([
      ['/start', 'K'],
      ['/end', undefined],
    ])
  })

  it('do not give credentials back on the way home', async () => {
    await using home = await startUpstream((request, response) => {
      if (request.url === '/start') response.writeHead(302, { location: `${away.origin}/` })
      response.end()
    })
    await using away = await startRedirecting(302, `${home.origin}/end`)

    await egress.request({ url: `${home.origin}/start`, headers: { authorization: 'Bearer T' } })

    expect(home.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/start', 'Bearer T'],
      ['/end', undefined],
    ])
  })

  it('keep credentials within one origin', async () => {
    await using upstream = await startUpstream((request, response) => {
      if (request.url === '/start') response.writeHead(301, { location: '/end?b=%20' })
      response.end()
    })

    await egress.request({
      url: `${upstream.origin}/start`,
      headers: { authorization: 'Bearer T', 'x-key': 'K' },
      credentials: { headers: ['x-key'] },
    })

    expect(upstream.requests[1]).toMatchObject({
      path: '/end?b=%20',
      headers: { authorization: 'Bearer T', 'x-key': 'K' },
    })
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [301, 'PUT', 'PUT', 'body'],
    [307, 'POST', 'POST', 'body'],
    [308, 'DELETE', 'DELETE', 'body'],
  ])('%i turns %s into %s with the body "%s"', async (status, method, next, body) => {
    await using upstream = await startUpstream((request, response) => {
      if (request.url === '/start') response.writeHead(status, { location: '/end' })
      response.end()
    })

    await egress.request({
      url: `${upstream.origin}/start`,
      method,
      headers: { 'content-type': 'text/plain' },
      ...(method === 'HEAD' ? {} : { body: 'body' }),
    })

    expect(upstream.requests[1]).toMatchObject({ method: next, path: '/end', body })
    expect(upstream.requests[1]?.headers['content-type']).toBe(
      next === 'GET' ? undefined : 'text/plain',
    )
  })

  it('end after ten', async () => {
    await using upstream = await startRedirecting(302, '/again')

    const request = egress.request({ url: `${upstream.origin}/` })

    await expect(request).rejects.toMatchObject({
      reason: 'egress_redirects',
      details: { sent: true },
    })
    expect(upstream.requests).toHaveLength(11)
  })

  it.each([
    ['http://169.254.169.254/', 'egress_blocked'],
    ['http://10.0.0.1/', 'egress_blocked'],
    ['http://[::ffff:169.254.169.254]/', 'egress_blocked'],
    ['file:///etc/passwd', 'egress_invalid_request'],
    ['http://user:password@127.0.0.1/', 'egress_invalid_request'],
    ['http://[', 'egress_redirects'],
  ])('to %s are refused', async (location, reason) => {
    await using upstream = await startRedirecting(302, location)

    const request = egress.request({ url: `${upstream.origin}/` })

    await expect(request).rejects.toMatchObject({ reason, details: { sent: true } })
  })

  it('are answers where the caller follows by itself', async () => {
    await using upstream = await startRedirecting(302, '/next')

    const response = await egress.request({ url: upstream.origin, redirect: 'manual' })

    expect(response).toMatchObject({ status: 302, headers: { location: '/next' } })
  })

  it('without a location are answers', async () => {
    await using upstream = await startUpstream((_request, response) =>
      response.writeHead(304).end(),
    )

    const response = await egress.request({ url: upstream.origin })

    expect(response.status).toBe(304)
  })
})
