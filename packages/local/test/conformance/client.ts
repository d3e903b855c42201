// The client that the official conformance suite drives where a server wants OAuth: `client.ts <server>`.
// It is the local form, entered as a person's browser enters it; the suite's authorization server
// approves by itself, so signing in is to follow its redirect.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLocalConfig, startLocal } from '../../src/index.ts'

const endpoint = process.argv[2] ?? ''
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? ''
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}') as {
  client_id?: string
  client_secret?: string
  private_key_pem?: string
}
/** Sign-ins after which what is still refused stays refused. */
const SIGN_INS_MAX = 3
/** The document that the suite expects of everybody who has one. */
const CLIENT_DOCUMENT = 'https://conformance-test.local/client-metadata.json'

const dataDir = await mkdtemp(join(tmpdir(), 'executor-conformance-'))
const config = readLocalConfig({
  PORT: '0',
  EXECUTOR_DATA_DIR: dataDir,
  EXECUTOR_LOG_LEVEL: 'error',
  ...(scenario === 'auth/basic-cimd' ? { EXECUTOR_OAUTH_CLIENT_ID: CLIENT_DOCUMENT } : {}),
})
const instance = await startLocal(config, { kind: 'foreground' })
try {
  process.exitCode = await useServer()
} finally {
  await instance.close()
  await rm(dataDir, { recursive: true })
}

interface Method {
  slug: string
  kind: string
  oauth?: { authorizationUrl?: string; tokenUrl?: string }
}

/** Adds the server, signs in, and calls every tool; signs in again where a call says so. */
async function useServer(): Promise<number> {
  await ask('POST', '/api/policies', { owner: 'org', pattern: '*', action: 'approve' })
  await ask('POST', '/api/mcp/servers', { name: 'Things', slug: 'things', endpoint })
  const method = (await findMethod()) ?? (await insistOnOauth())
  const client = context.client_id && method ? await saveClient(method) : undefined
  let signIns = 0
  const signInOnce = () => {
    signIns += 1
    return signIn(method?.slug ?? 'oauth2', client)
  }
  if (!(await signInOnce())) return 1
  const account = '/api/connections/org/things/main'
  let tools = await ask('POST', `${account}/refresh`, {})
  if (!isList(tools)) {
    if (!(await signInOnce())) return 1
    tools = await ask('POST', `${account}/refresh`, {})
  }
  for (const { address } of isList(tools) ? tools : []) {
    let result = await call(address)
    while (mustSignIn(result) && signIns < SIGN_INS_MAX) {
      if (!(await signInOnce())) return 1
      result = await call(address)
    }
  }
  return 0
}

async function findMethod(): Promise<Method | undefined> {
  const { authMethods } = (await ask('GET', '/api/integrations/things')) as {
    authMethods: Method[]
  }
  return authMethods.find(({ kind }) => kind === 'oauth')
}

/** Servers of the first revision tell nothing of their tokens: a person has to know. */
async function insistOnOauth(): Promise<Method | undefined> {
  const authenticationTemplate = [{ kind: 'oauth2', slug: 'oauth2' }]
  await ask('POST', '/api/mcp/servers/things/auth', { authenticationTemplate })
  return findMethod()
}

function isList(tools: unknown): tools is { address: string }[] {
  return Array.isArray(tools) && tools.length > 0
}

/** The suite hands out clients that are registered already. */
async function saveClient({ oauth }: Method): Promise<string> {
  const { client_id: clientId, client_secret: secret, private_key_pem: key } = context
  const isProgram = scenario.includes('client-credentials')
  await ask('POST', '/api/oauth/clients', {
    ...oauth,
    owner: 'org',
    slug: 'given',
    grant: isProgram ? 'client_credentials' : 'authorization_code',
    clientId,
    clientSecret: key ?? secret,
    ...(key ? { tokenEndpointAuthMethod: 'private_key_jwt' } : {}),
  })
  return 'given'
}

async function signIn(template: string, client: string | undefined): Promise<boolean> {
  const target = { owner: 'org', name: 'main', integration: 'things', template }
  const started = (await ask('POST', '/api/oauth/start', {
    ...target,
    ...(client === undefined ? {} : { client }),
  })) as { status?: string; authorizationUrl?: string }
  if (started.status === 'connected') return true
  if (started.authorizationUrl === undefined) return false
  const approved = await fetch(started.authorizationUrl, { redirect: 'manual' })
  const back = await fetch(approved.headers.get('location') ?? '')
  process.stdout.write(
    `callback: ${back.status} ${/role="status">([^<]*)/.exec(await back.text())?.[1]}\n`,
  )
  return back.ok
}

interface Result {
  error?: { code: string; status?: number }
}

async function call(address: string): Promise<Result> {
  return (await ask('POST', '/api/tools/invoke', { address, args: {} })) as Result
}

function mustSignIn({ error }: Result): boolean {
  if (error?.code.startsWith('oauth_')) return true
  return error?.code === 'connection_rejected' && error.status === 401
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(instance.origin + path, {
    method,
    headers: {
      authorization: `Bearer ${instance.ownerToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  process.stdout.write(`${method} ${path}: ${response.status} ${text.slice(0, 500)}\n`)
  return JSON.parse(text)
}
