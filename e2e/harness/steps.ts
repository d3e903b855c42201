import { ImportResult, Interaction, invariant, RunDetail } from '@executor/contracts'
import type { Ask, Form, Reply } from './form.ts'
import type { Upstream } from './upstream.ts'
import { eventually } from './waiting.ts'

/** Milliseconds that a run gets to come to something, disasters included. */
const RUN_MS_MAX = 90_000

/** Adds the upstream's own API under a name, and connects it without a credential. */
export async function addLedger(form: Form, { origin }: Upstream, slug: string): Promise<void> {
  const spec = { kind: 'url', url: `${origin}/openapi.json` }
  ImportResult.parse((await succeed(form, 'POST', '/api/openapi/specs', { spec, slug })).body)
  await connect(form, { integration: slug, name: 'main', template: 'none' })
}

export async function connect(
  form: Form,
  connection: { integration: string; name: string; template: string; [field: string]: unknown },
): Promise<void> {
  await succeed(form, 'POST', '/api/connections', { owner: 'org', ...connection })
}

export async function addRule(
  form: Form,
  pattern: string,
  action: 'approve' | 'require_approval' | 'block',
): Promise<void> {
  await succeed(form, 'POST', '/api/policies', { owner: 'org', pattern, action })
}

export function invoke(form: Form, address: string, args: object = {}, ask?: Ask): Promise<Reply> {
  return form.api('POST', '/api/tools/invoke', { address, arguments: args }, ask)
}

/** Runs code and waits for what it comes to. */
export function execute(form: Form, code: string, ask?: Ask): Promise<Reply> {
  return form.api('POST', '/api/executions', { code }, ask)
}

/** Starts code that nobody waits for; answers the accepted run's id. */
export async function start(form: Form, code: string, ask: Ask = {}): Promise<string> {
  const headers = { prefer: 'respond-async', ...ask.headers }
  const { status, body, text } = await form.api(
    'POST',
    '/api/executions',
    { code },
    { ...ask, headers },
  )
  invariant(status === 202, `a run is accepted: ${status} ${text}`)
  return (body as { executionId: string }).executionId
}

export async function readRun(form: Form, id: string): Promise<RunDetail> {
  return RunDetail.parse((await succeed(form, 'GET', `/api/executions/${id}`)).body)
}

/** The run once it has settled. */
export function settled(form: Form, id: string, ms = RUN_MS_MAX): Promise<RunDetail> {
  return eventually(
    `run ${id} settles`,
    async () => {
      const run = await readRun(form, id)
      const { status, interactions, steps } = run
      const isSettled = ['completed', 'failed', 'cancelled'].includes(status)
      invariant(isSettled, `${status}: ${JSON.stringify({ interactions, steps })}`)
      return run
    },
    ms,
  )
}

export async function openInteractions(form: Form, runId?: string): Promise<Interaction[]> {
  const query = new URLSearchParams({ status: 'open', ...(runId ? { runId } : {}) })
  return Interaction.array().parse((await succeed(form, 'GET', `/api/interactions?${query}`)).body)
}

/** What a run asks a person, once it asks. */
export function asked(form: Form, runId: string): Promise<Interaction> {
  return eventually(
    `run ${runId} asks a person`,
    async () => (await openInteractions(form, runId))[0],
    RUN_MS_MAX,
  )
}

export function answer(
  form: Form,
  { id, digest }: Pick<Interaction, 'id' | 'digest'>,
  action: 'accept' | 'decline' | 'cancel',
  ask?: Ask,
): Promise<Reply> {
  return form.api('POST', `/api/interactions/${id}/answer`, { action, digest }, ask)
}

/** A request that the journey takes for granted. */
export async function succeed(
  form: Form,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const reply = await form.api(method, path, body)
  invariant(reply.status < 300, `${method} ${path} succeeds: ${reply.status} ${reply.text}`)
  return reply
}
