import {
  catalog,
  connections,
  executor,
  policy,
  rulesChanged,
  runQueue,
  servicePrincipal,
} from '@executor/contracts'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyContract, AnyMethod, Bus } from './bus.ts'
import { connectNatsBus } from './nats.ts'
import { type NatsServer, startNats, whyNoNats } from './testing/start-nats.ts'

const missing = await whyNoNats()
if (missing !== null) console.warn(`The NATS permission tests are skipped: ${missing}`)

const principal = servicePrincipal('acme')
const contracts: AnyContract[] = [catalog, connections, policy, executor]
const methods: AnyMethod[] = contracts.flatMap((contract) => Object.values(contract.methods))

describe.skipIf(missing !== null)('nats.conf', () => {
  let nats: NatsServer
  const buses: Bus[] = []
  const clients: NatsConnection[] = []
  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(async () => {
    for (const bus of buses) await bus.close()
    for (const client of clients) await client.close()
    await nats?.stop()
  })

  async function login(name: string): Promise<Bus> {
    const bus = await connectNatsBus({ ...nats.login(name), onError: () => {} })
    buses.push(bus)
    return bus
  }

  /** The server as somebody sees it who has a service's password and uses no code of ours. */
  async function breakIn(name: string): Promise<NatsConnection> {
    const { servers, user, password } = nats.login(name)
    const client = await connect({ servers, user, pass: password, inboxPrefix: `_INBOX_${name}` })
    clients.push(client)
    return client
  }

  /** Nobody serves here: whoever may ask learns that, and whoever may not is told at once. */
  async function ask(bus: Bus, method: AnyMethod): Promise<string> {
    return bus.request(method, {}, { principal }).then(
      () => 'answered',
      (error: { reason: string }) => error.reason,
    )
  }

  async function subscribeTo(client: NatsConnection, subject: string): Promise<string> {
    const refused = Promise.withResolvers<string>()
    const subscription = client.subscribe(subject, {
      callback: (error) => refused.resolve(error === null ? 'message' : error.name),
    })
    await client.flush()
    subscription.unsubscribe()
    return Promise.race([refused.promise, Promise.resolve('allowed')])
  }

  async function publishAs(name: string, subject: string): Promise<string> {
    const client = await breakIn(name)
    const refused: string[] = []
    const watching = (async () => {
      for await (const status of client.status()) {
        if (status.type === 'error') refused.push(status.error.message)
      }
    })()
    client.publish(subject, '{}')
    await client.flush()
    await client.close()
    await watching
    return refused.some((message) => message.includes(`"${subject}"`)) ? 'refused' : 'allowed'
  }

  it('lets the gateway ask for everything but what contracts mark internal', async () => {
    const gateway = await login('gateway')

    const answers = await Promise.all(
      methods.map(async (method) => `${method.subject} ${await ask(gateway, method)}`),
    )

    const expected = methods.map(
      ({ subject, access }) =>
        `${subject} ${access === 'internal' ? 'not_permitted' : 'no_responders'}`,
    )
    expect(answers).toEqual(expected)
  })

  it('refuses everybody but the executor a credential', async () => {
    const reasons: Record<string, string> = {}
    for (const name of ['gateway', 'catalog', 'policy', 'executor']) {
      reasons[name] = await ask(await login(name), connections.resolveCredential)
    }

    expect(reasons).toEqual({
      gateway: 'not_permitted',
      catalog: 'not_permitted',
      policy: 'not_permitted',
      executor: 'no_responders',
    })
  })

  it('lets services ask those they work with', async () => {
    const catalogBus = await login('catalog')
    const connectionsBus = await login('connections')
    const executorBus = await login('executor')

    expect(await ask(catalogBus, connections.removeIntegrationConnections)).toBe('no_responders')
    expect(await ask(catalogBus, policy.removeIntegrationRules)).toBe('no_responders')
    expect(await ask(connectionsBus, executor.probeCredential)).toBe('no_responders')
    expect(await ask(connectionsBus, policy.removeConnectionRules)).toBe('no_responders')
    expect(await ask(executorBus, policy.decide)).toBe('no_responders')
    expect(await ask(executorBus, catalog.locateTool)).toBe('no_responders')
  })

  it.each([
    '_INBOX_executor.>',
    '_INBOX_*.>',
    '>',
    '*.*',
    'connections.resolve-credential',
    'calls.connections.>',
    'work.>',
    '$JS.>',
    '$SRV.>',
  ])('does not let the gateway listen on %s', async (subject) => {
    expect(await subscribeTo(await breakIn('gateway'), subject)).toBe('PermissionViolationError')
  })

  it.each([
    'connections.resolve-credential',
    'policy.decide',
    '_INBOX_executor.forged.answer',
    'event.policy.rules-changed',
    'work.executor.run',
    '$JS.API.STREAM.INFO.WORK_executor',
    '$JS.API.STREAM.DELETE.WORK_executor',
    '$JS.API.CONSUMER.MSG.NEXT.WORK_executor.run',
  ])('does not let the gateway publish to %s', async (subject) => {
    expect(await publishAs('gateway', subject)).toBe('refused')
  })

  it('does not let one service answer, or happen, in place of another', async () => {
    const client = await breakIn('catalog')

    expect(await subscribeTo(client, 'policy.decide')).toBe('PermissionViolationError')
    expect(await subscribeTo(client, '_INBOX_connections.>')).toBe('PermissionViolationError')
    expect(await publishAs('catalog', 'event.policy.rules-changed')).toBe('refused')
    expect(await publishAs('catalog', '_INBOX_policy.forged.answer')).toBe('refused')
    expect(await publishAs('catalog', 'event.catalog.integration-changed')).toBe('allowed')
  })

  it('does not let the gateway serve, nor work', async () => {
    const gateway = await login('gateway')

    const contract = { service: 'policy', methods: { decide: policy.decide } }
    const served = gateway.serve(contract, { decide: () => ({}) as never })
    await expect(served).rejects.toMatchObject({ code: 'permission_denied' })
    const working = gateway.work(runQueue, { concurrency: 1 }, async () => {})
    await expect(working).rejects.toMatchObject({ code: 'permission_denied' })
    const enqueued = gateway.enqueue(runQueue, { tenant: 'acme', id: 'x' }, { id: 'x' })
    await expect(enqueued).rejects.toMatchObject({ code: 'permission_denied' })
    const listening = gateway.subscribe({ ...rulesChanged, subject: 'policy.decide' }, () => {})
    await expect(listening).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('refuses a wrong password at once', async () => {
    const login = { ...nats.login('gateway'), password: 'wrong' }

    await expect(connectNatsBus(login)).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('refuses a login that is not the service it says', async () => {
    const login = { ...nats.login('gateway'), name: 'executor', onError: () => {} }

    await expect(connectNatsBus(login)).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('lets everybody hear what happens', async () => {
    const gateway = await login('gateway')
    const policyBus = await login('policy')
    const heard = Promise.withResolvers<string>()
    await gateway.subscribe(rulesChanged, ({ tenant }) => heard.resolve(tenant))

    policyBus.publish(rulesChanged, { tenant: 'acme' })

    expect(await heard.promise).toBe('acme')
  })
})
