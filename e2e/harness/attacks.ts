import { type Attack, asAgent, GUARDED, withinSeconds } from './attack.ts'
import { callThroughMcp } from './mcp-agent.ts'
import { mcpAttacks } from './mcp-attacks.ts'
import { answer, invoke, readRun, start } from './steps.ts'
import { eventually } from './waiting.ts'

const ALLOW_ALL = { owner: 'org', pattern: '*', action: 'approve' }
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

/** Everything that could get a gated call approved or a rule widened. */
export const attacks: [name: string, attack: Attack][] = [
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
  [
    'resumes its own pause',
    ({ form, runId, question }) =>
      form.api(
        'POST',
        `/api/executions/${runId}.${question.id}/resume`,
        { action: 'accept' },
        asAgent(form),
      ),
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
  ...mcpAttacks,
]
