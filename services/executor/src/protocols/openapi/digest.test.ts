import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { aMethod, call } from '../test/fixtures.ts'
import { json, reply, startUpstream, type Wire } from '../test/upstream.ts'
import { parseDigestChallenges } from './challenge.ts'
import { answerChallenge, chooseChallenge } from './digest.ts'
import { createOpenapi } from './openapi.ts'

const PLACEMENT = { username: 'username', password: 'password', digest: true }
const authMethods = [
  aMethod({ placements: [{ carrier: 'header', name: 'Authorization', basic: PLACEMENT }] }),
]
const ACCOUNT = { username: 'Mufasa', password: 'Circle of Life' }

/** The example of RFC 7616, 3.9.1. */
const RFC_HEADER = ['SHA-256', 'MD5']
  .map(
    (algorithm) =>
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
  )
  .join(', ')

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** A server that hands out `nonces` in turn, each good for two answers. */
function digestServer(nonces: string[]) {
  const uses = new Map<string, number>()
  return ({ line, headers }: Wire) => {
    const field = (name: string) =>
      new RegExp(`\\b${name}="?([^",]*)`).exec(headers.authorization ?? '')?.[1] ?? ''
    const nonce = field('nonce')
    const [method, uri] = line.split(' ')
    const a1 = md5(`Mufasa:r "1":Circle of Life`)
    const expected = md5(
      `${a1}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${md5(`${method}:${uri}`)}`,
    )
    const used = uses.get(nonce) ?? 0
    const isRight = field('response') === expected && Number(field('nc')) === used + 1
    if (nonces.includes(nonce) && isRight && used < 2) {
      uses.set(nonce, used + 1)
      return json({ user: field('username'), nonce, nc: field('nc') })
    }
    const fresh = nonces.find((candidate) => (uses.get(candidate) ?? 0) < 2)
    const stale = nonces.includes(nonce) && isRight ? ', stale=true' : ''
    return reply(401, {
      'www-authenticate': `Basic realm="no", Digest realm="r \\"1\\"", nonce="${fresh}", qop="auth"${stale}`,
    })
  }
}

describe('Digest', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers the example of the standard with %s', (algorithm, response) => {
    const challenge = parseDigestChallenges(RFC_HEADER).find((one) => one.algorithm === algorithm)

    const header =
      challenge &&
      answerChallenge(challenge, ACCOUNT, {
        method: 'GET',
        target: '/dir/index.html',
        body: undefined,
        count: 1,
        cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      })

    expect(header).toContain(`response="${response}"`)
    expect(header).toContain('qop=auth, nc=00000001')
  })

  it.each([
    [RFC_HEADER, 'SHA-256'],
    ['Digest realm="a", nonce="b"', 'MD5'],
    ['Digest realm="a", nonce="b", algorithm=sha-512-256-SESS, qop=auth-int', 'SHA-512-256-sess'],
    ['Digest realm="a", nonce="b", algorithm=ROT13', undefined],
    ['Digest realm="a", nonce="b", qop="token"', undefined],
    ['Digest nonce="b"', undefined],
    ['Digest realm="a", nonce="b\u00e9"', undefined],
    ['Basic realm="Digest realm=x, nonce=y"', undefined],
    [`Digest realm="a", nonce="${'b'.repeat(20_000)}"`, undefined],
  ])('chooses the strongest challenge it can answer: %s', (header, algorithm) => {
    const challenge = chooseChallenge(parseDigestChallenges(header))

    expect(challenge?.algorithm).toBe(algorithm)
  })

  it('asks once, and answers the next calls with the same nonce', async () => {
    const openapi = createOpenapi()
    await using upstream = await startUpstream(digestServer(['n1', 'n2']))
    const options = { origin: upstream.origin, authMethods, template: 'key', values: ACCOUNT }

    const results = []
    for (let turn = 0; turn < 3; turn++) results.push((await call(openapi, options)).result)

    expect(results).toMatchObject([
      { ok: true, data: { user: 'Mufasa', nonce: 'n1', nc: '00000001' } },
      { ok: true, data: { nonce: 'n1', nc: '00000002' } },
      // Refused as stale, and answered anew.
      { ok: true, data: { nonce: 'n2', nc: '00000001' } },
    ])
    expect(upstream.wires.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ])
  })

  it('says that the account is wrong, without trying for ever and without its password', async () => {
    const openapi = createOpenapi()
    await using upstream = await startUpstream(digestServer(['n1']))
    const values = { username: 'Mufasa', password: 'wrong-password' }
    const options = { origin: upstream.origin, authMethods, template: 'key', values }

    const { result } = await call(openapi, options)
    await call(openapi, options)

    expect(result).toMatchObject({ ok: false, error: { code: 'connection_rejected' } })
    expect(upstream.wires).toHaveLength(3)
    expect(JSON.stringify(upstream.wires)).not.toContain('wrong-password')
  })

  it('sends a write once it is let in, and answers no challenge of another server', async () => {
    const openapi = createOpenapi()
    await using thief = await startUpstream(
      reply(401, { 'www-authenticate': 'Digest realm="a", nonce="b"' }),
    )
    await using upstream = await startUpstream(reply(307, { location: thief.origin }))
    const options = { origin: upstream.origin, authMethods, template: 'key', values: ACCOUNT }

    const { result } = await call(openapi, { ...options, binding: { method: 'POST' } })

    expect(result).toMatchObject({ ok: false, error: { code: 'connection_rejected' } })
    expect(upstream.wires).toHaveLength(1)
    expect(thief.wires.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })
})
