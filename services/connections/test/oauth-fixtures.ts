import {
  type AuthMethod,
  connections,
  type Input,
  invariant,
  type Principal,
} from '@executor/contracts'
import {
  type AuthorizationServer,
  CALLBACK,
  startAuthorizationServer,
} from './authorization-server.ts'
import { alice, anIntegration, openWorld, type WorldOptions } from './fixtures.ts'

export function oauthMethod(oauth: Partial<NonNullable<AuthMethod['oauth']>> = {}): AuthMethod {
  return {
    slug: 'oauth2',
    kind: 'oauth2',
    placements: [],
    origin: 'detected',
    oauth: { scopes: [], ...oauth },
  }
}

export const things = { owner: 'org', integration: 'things', name: 'work' } as const

/** The service, and a server with a resource whose integration is called `things`. */
export async function openOauthWorld(
  options: WorldOptions & Parameters<typeof startAuthorizationServer>[0] & object = {},
) {
  const { url, store, clientDocument, ...settings } = options
  const server = await startAuthorizationServer(settings)
  const world = await openWorld({
    ...(url === undefined ? {} : { url }),
    ...(store === undefined ? {} : { store }),
    ...(clientDocument === undefined ? {} : { clientDocument }),
  })
  addThings(world, server)
  return { ...withSignIn(world), server }
}

export function addThings(
  { integrations }: Awaited<ReturnType<typeof openWorld>>,
  { resource }: AuthorizationServer,
  oauth: Partial<NonNullable<AuthMethod['oauth']>> = {},
) {
  const method = oauthMethod({ probeUrl: resource, scopes: ['things:read'], ...oauth })
  const given = { kind: 'mcp', authMethods: [method] }
  integrations.set('things', anIntegration('things', given))
}

export function withSignIn<W extends Awaited<ReturnType<typeof openWorld>>>(world: W) {
  const start = (
    input: Partial<Input<typeof connections.startOauth>> = {},
    principal: Principal = alice,
  ) =>
    world.ask(
      connections.startOauth,
      { ...things, template: 'oauth2', redirectUri: CALLBACK, ...input },
      principal,
    )
  const begin = async (...given: Parameters<typeof start>) => {
    const started = await start(...given)
    invariant(started.status === 'redirect', 'somebody is sent to sign in')
    return { ...started, request: new URL(started.authorizationUrl).searchParams }
  }
  /** What comes back through the browser, as the callback gets it. */
  const comeBack = (
    { searchParams }: URL,
    visitor: Pick<Principal, 'tenant' | 'subject'> | null = null,
  ) => {
    const { state = '', code, error, iss } = Object.fromEntries(searchParams)
    return world.ask(connections.returnOauth, {
      state,
      ...(code === undefined ? {} : { code }),
      ...(error === undefined ? {} : { error }),
      ...(iss === undefined ? {} : { iss }),
      visitor,
    })
  }
  return {
    ...world,
    start,
    begin,
    comeBack,
    resolve: (refused?: string) =>
      world.askInside(connections.resolveCredential, {
        ...things,
        ...(refused === undefined ? {} : { refused }),
      }),
  }
}
