import { createInProcessBus } from '@executor/bus'
import { connections, type Input, type ResolvedCredential, ServiceError } from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failureAnswer, successAnswer } from '../protocols/answer.ts'
import { anOperation, settingsOf } from '../protocols/mcp/test/fixtures.ts'
import type { Protocol, ProtocolAnswer } from '../protocols/protocol.ts'
import { type ReadyCall, sendCall } from './send-call.ts'

const principal = { tenant: 't', subject: 's', roles: ['member' as const], via: 'rest' as const }
const OK = successAnswer('1', { status: 200, headers: {} })
const REFUSED = failureAnswer({ code: 'connection_rejected', message: 'No.', status: 401 })
const SHORT = failureAnswer({
  code: 'oauth_scope_insufficient',
  message: 'More.',
  status: 403,
  details: { requiredScopes: ['write'], grantedScopes: [] },
})

function aCredential(token: string): ResolvedCredential {
  return {
    revision: `r-${token}`,
    consent: 'c',
    template: 'oauth2',
    values: { token },
    expiresAt: null,
  }
}

/** An upstream that answers by the token it is shown, and connections that have another one. */
async function aCall(
  answers: Record<string, ProtocolAnswer>,
  { renewed = 'second', kind = 'oauth2' as 'oauth2' | 'apikey' } = {},
) {
  const net = createInProcessBus()
  const egress = createEgress({ allowLocalNetwork: 'none' })
  onTestFinished(async () => {
    await net.close()
    await egress.close()
  })
  const refused: unknown[] = []
  const noted: Input<typeof connections.noteMissingScopes>[] = []
  const { resolveCredential, noteMissingScopes } = connections
  await net.connect('connections').serve(
    { service: 'connections', methods: { resolveCredential, noteMissingScopes } },
    {
      resolveCredential: (input) => {
        refused.push(input.refused)
        if (renewed === 'over')
          throw new ServiceError('failed_precondition', 'oauth_reauth_required', 'It is over.')
        return aCredential(renewed)
      },
      noteMissingScopes: (input) => {
        noted.push(input)
        return { granted: ['read'] }
      },
    },
  )
  const sent: string[] = []
  const protocol: Protocol = {
    kind: 'mcp',
    prepare: (_, args) => ({ args }),
    async invoke({ credential }) {
      const token = credential.values.token ?? ''
      sent.push(token)
      return answers[token] ?? REFUSED
    },
  }
  const method = { slug: 'oauth2', kind, placements: [], origin: 'detected' as const }
  const ready: ReadyCall = {
    ref: { integration: 'things', owner: 'org', connection: 'work', tool: 'a' },
    path: 'things.org.work.a',
    detail: { operation: anOperation({ method: 'tools/call', tool: 'a' }), definitions: {} },
    settings: settingsOf({}, { authMethods: [method] }),
    protocol,
    args: {},
    takeCredential: async () => aCredential('first'),
  }
  const deps = {
    bus: net.connect('executor'),
    egress,
    webBaseUrl: () => 'https://executor.example.com',
  }
  const send = (given: Partial<ReadyCall> = {}) =>
    sendCall(deps, { ...ready, ...given }, { principal, signal: AbortSignal.timeout(5_000) })
  return { send, sent, refused, noted }
}

describe('sendCall', () => {
  it('sends a call once more, with another token, when its token is refused', async () => {
    const { send, sent, refused } = await aCall({ second: OK })

    const answer = await send()

    expect(answer.ok).toBe(true)
    expect(sent).toEqual(['first', 'second'])
    expect(refused).toEqual(['r-first'])
  })

  it('sends it no third time, and says where a person signs in', async () => {
    const { send, sent } = await aCall({})

    const answer = await send()

    expect(sent).toEqual(['first', 'second'])
    expect(JSON.parse(answer.json)).toMatchObject({
      error: {
        code: 'connection_rejected',
        details: {
          recovery: {
            signInUrl:
              'https://executor.example.com/integrations/things?addAccount=1&owner=org&template=oauth2&label=work',
          },
        },
      },
    })
  })

  it('sends it once where there is no other token, and where there is none to be had', async () => {
    const same = await aCall({}, { renewed: 'first' })
    const key = await aCall({}, { kind: 'apikey' })

    await same.send()
    await key.send()

    expect(same.sent).toEqual(['first'])
    expect([key.sent, key.refused]).toEqual([['first'], []])
  })

  it('tells what a token lacks, and has it noted for the next sign-in', async () => {
    const { send, sent, noted } = await aCall({ first: SHORT })

    const answer = await send()

    expect(sent).toEqual(['first'])
    expect(noted).toEqual([
      {
        owner: 'org',
        integration: 'things',
        name: 'work',
        consent: 'c',
        required: ['write'],
      },
    ])
    expect(JSON.parse(answer.json)).toMatchObject({
      error: {
        code: 'oauth_scope_insufficient',
        details: { requiredScopes: ['write'], grantedScopes: ['read'] },
      },
    })
  })

  it('says what became of the sign-in when there is no other token any more', async () => {
    const { send, sent } = await aCall({}, { renewed: 'over' })

    const answer = await send()

    expect(sent).toEqual(['first'])
    expect(JSON.parse(answer.json)).toMatchObject({ error: { code: 'oauth_reauth_required' } })
  })

  it('explains that a person has to sign in again', async () => {
    const { send, sent } = await aCall({})
    const over = new ServiceError('failed_precondition', 'oauth_reauth_required', 'It is over.')

    const answer = await send({ takeCredential: () => Promise.reject(over) })

    expect(sent).toEqual([])
    expect(JSON.parse(answer.json)).toMatchObject({
      error: {
        code: 'oauth_reauth_required',
        message: expect.stringContaining('https://executor.example.com/integrations/things?'),
        details: {
          category: 'authentication',
          credential: { owner: 'org', connection: 'work', template: 'oauth2' },
          recovery: { startOAuthTool: 'executor.coreTools.oauth.start' },
        },
      },
    })
  })
})
