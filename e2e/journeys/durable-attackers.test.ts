import type { Interaction } from '@executor/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Form } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { callThroughMcp } from '../harness/mcp-agent.ts'
import { useStage } from '../harness/stage.ts'
import {
  addLedger,
  answer,
  asked,
  invoke,
  openInteractions,
  readRun,
  settled,
  start,
  succeed,
} from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

interface Target {
  form: Form
  /** An agent's own run, waiting for a person. */
  runId: string
  question: Interaction
  /** What a person answered before, in another run. */
  old: Interaction
}
type Attack = (target: Target) => Promise<unknown>

const GUARDED = `return (await tools.ledger.org.main.gated.write({ body: { label: 'guarded' } })).ok`
const ALLOW_ALL = { owner: 'org', pattern: '*', action: 'approve' }
const asAgent = ({ agentToken }: Form) => ({ token: agentToken })
const accept =
  (headers: Record<string, string>): Attack =>
  ({ form, question }) =>
    form.api(
      'POST',
      `/api/interactions/${question.id}/answer`,
      { action: 'accept', digest: question.digest },
      { ...asAgent(form), headers },
    )
const resumeThroughMcp =
  (query: string, whose: 'agentToken' | 'ownerToken'): Attack =>
  ({ form, runId }) => {
    const args = { executionId: runId, action: 'accept', content: '{}' }
    return withinSeconds(callThroughMcp(form, 'resume', args, { query, token: form[whose] }))
  }
const code =
  (text: string): Attack =>
  async ({ form }) => {
    const id = await start(form, text, asAgent(form))
    return eventually('the code ends or waits', async () => {
      const { status } = await readRun(form, id)
      return status !== 'running' && status !== 'queued'
    })
  }

const attacks: [name: string, attack: Attack][] = [
  ['answers its own question', accept({})],
  [
    'says that it is the console',
    accept({ 'x-executor-client': 'cli', 'sec-fetch-site': 'same-origin' }),
  ],
  [
    'shows a session that it made up',
    accept({ cookie: `executor_session_0=1.${'a'.repeat(22)}.${'b'.repeat(43)}` }),
  ],
  ['names another method', accept({ 'x-http-method-override': 'PUT', 'x-roles': 'owner' })],
  [
    'resumes its own run',
    ({ form, runId }) =>
      form.api('POST', `/api/executions/${runId}/resume`, { action: 'accept' }, asAgent(form)),
  ],
  ['asks for a session', ({ form }) => form.api('POST', '/api/session', {}, asAgent(form))],
  [
    'signs in like a browser',
    ({ form }) => form.api('GET', `/?_token=${form.agentToken}`, undefined, { token: null }),
  ],
  [
    'approves its calls beforehand',
    ({ form }) =>
      form.api('POST', '/api/executions', { code: GUARDED, autoApprove: true }, asAgent(form)),
  ],
  [
    'runs it again',
    ({ form, runId }) => form.api('POST', `/api/executions/${runId}/rerun`, {}, asAgent(form)),
  ],
  ['adds a rule', ({ form }) => form.api('POST', '/api/policies', ALLOW_ALL, asAgent(form))],
  [
    'calls the tool that adds rules',
    ({ form }) => invoke(form, 'executor.coreTools.policies.create', ALLOW_ALL, asAgent(form)),
  ],
  [
    'forges an id',
    ({ form, question }) =>
      answer(
        form,
        { id: `${question.id.slice(0, -1)}0`, digest: question.digest },
        'accept',
        asAgent(form),
      ),
  ],
  ['replays an old answer', ({ form, old }) => answer(form, old, 'accept', asAgent(form))],
  [
    'shows the digest of an old answer',
    ({ form, question, old }) =>
      answer(form, { id: question.id, digest: old.digest }, 'accept', asAgent(form)),
  ],
  ['resumes through MCP', resumeThroughMcp('', 'agentToken')],
  ["resumes through MCP with the owner's key", resumeThroughMcp('', 'ownerToken')],
  ['asks for model answers', resumeThroughMcp('?elicitation_mode=model', 'agentToken')],
  ['asks for native answers', resumeThroughMcp('?elicitation_mode=native', 'agentToken')],
  [
    'asks for them by another name',
    resumeThroughMcp('?allow_model_resume=true&mode=code-model', 'agentToken'),
  ],
  [
    'adds a rule through MCP',
    ({ form }) =>
      callThroughMcp(
        form,
        'invoke',
        { path: 'executor.coreTools.policies.create', arguments: ALLOW_ALL },
        { query: '?mode=passthrough', token: form.ownerToken },
      ),
  ],
  [
    'has code add a rule',
    code(`return tools.executor.coreTools.policies.create(${JSON.stringify(ALLOW_ALL)})`),
  ],
  [
    'has code pollute its world first',
    code(`Object.prototype.autoApprove = true; Object.prototype.roles = ['owner']
    Array.prototype.includes = () => false
    return tools.executor.coreTools.policies.create(${JSON.stringify(ALLOW_ALL)})`),
  ],
  [
    'has code guess at tools',
    code(`const names = ['interactions.answer', 'coreTools.interactions.answer', 'executions.resume', 'coreTools.executions.create']
    return Promise.all(names.map((name) => tools['executor.' + name]({ action: 'accept' })))`),
  ],
  [
    'has code reach for the host',
    code(`const reach = (object) => object.constructor.constructor('return this')()
    return [typeof reach(tools).process, typeof reach(console.log).require, typeof fetch, typeof globalThis.process]`),
  ],
]

describe.each(forms)('an attacker on the $name form', ({ open }) => {
  const stage = useStage(open)
  let target: Target

  beforeAll(async () => {
    const { form, upstream } = stage
    await addLedger(form, upstream, 'ledger')
    const before = await start(form, GUARDED.replace('guarded', 'earlier'), asAgent(form))
    const old = await asked(form, before)
    await answer(form, old, 'accept')
    await settled(form, before)
    const runId = await start(form, GUARDED, asAgent(form))
    target = { form, runId, question: await asked(form, runId), old }
  })

  it.each(attacks)('%s, in vain', async (_, attack) => {
    await attack(target).catch(() => 'refused')

    const { form, upstream } = stage
    const open = await openInteractions(form, target.runId)
    expect(open.map(({ id }) => id)).toEqual([target.question.id])
    expect(upstream.writes('guarded')).toEqual([])
    expect((await succeed(form, 'GET', '/api/policies')).body).toEqual([])
  })

  it('shows a person one thing, and sends no other', async () => {
    const { form, upstream } = stage
    const shifty = `let reads = 0
      const body = { toJSON: () => ({ label: reads++ === 0 ? 'harmless' : 'harmful' }), get label() { return reads++ === 0 ? 'harmless' : 'harmful' } }
      return (await tools.ledger.org.main.gated.write({ body })).ok`
    const id = await start(form, shifty, asAgent(form))
    const question = await asked(form, id)

    await answer(form, question, 'accept')
    await settled(form, id)

    const shown = (question.arguments as { body: { label: string } }).body.label
    expect(upstream.writes(shown)).toHaveLength(1)
    expect(upstream.writes(shown === 'harmless' ? 'harmful' : 'harmless')).toEqual([])
  })

  it('gets one call for one answer', async () => {
    const { form, upstream } = stage
    const twice = `const write = () => tools.ledger.org.main.gated.write({ body: { label: 'once' } })
      return (await Promise.all([write(), write(), write()])).map(({ ok }) => ok)`
    const id = await start(form, twice, asAgent(form))
    const questions = await eventually('all three ask', async () => {
      const open = await openInteractions(form, id)
      return open.length === 3 && open
    })

    const [first, ...others] = questions
    if (first) await answer(form, first, 'accept')
    for (const other of others) await answer(form, other, 'decline')
    await settled(form, id)

    expect(upstream.writes('once')).toHaveLength(1)
  })

  it('has changed nothing for the person, who still answers', async () => {
    const { form, upstream } = stage

    await answer(form, target.question, 'accept')

    expect(await settled(form, target.runId)).toMatchObject({ result: { value: true } })
    expect(upstream.writes('guarded')).toHaveLength(1)
  })
})

/** `resume` waits for a person for minutes; an attack has made its point long before. */
function withinSeconds(work: Promise<unknown>): Promise<unknown> {
  const patience = new Promise((resolve) => setTimeout(resolve, 3_000).unref())
  return Promise.race([work, patience])
}
