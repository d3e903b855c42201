// An MCP server of revision 2025-11-25, written out by hand: it does what no well-kept server does.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [diary, mood] = process.argv.slice(2)
const note = (line) => appendFileSync(diary, `${line}\n`)
const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const text = (value) => ({ content: [{ type: 'text', text: String(value) }] })
const pending = new Map()
let count = 0
let hasGrown = false

const tools = {
  count: () => text(++count),
  pid: () => text(process.pid),
  crash() {
    process.stderr.write('token s3cret-value in hand\nout of patience\n')
    process.exit(3)
  },
  wait: () => null,
  child() {
    const child = spawn('sleep', ['1000'])
    return text(child.pid)
  },
  huge() {
    process.stdout.write(`"${'x'.repeat(40 * 1024 * 1024)}`)
    return null
  },
  garbage() {
    process.stdout.write('this is no message\n{"neither":"is this"}\n')
    return text('after all')
  },
  grow() {
    hasGrown = true
    send({ method: 'notifications/tools/list_changed' })
    return text('grown')
  },
  env: () => text(JSON.stringify(process.env)),
  say: ({ _meta }) => ({ ...text('said'), _meta: { traceparent: _meta?.traceparent ?? '' } }),
  fail: () => ({ ...text('it did not work'), isError: true }),
  async ask() {
    const answer = await request('elicitation/create', {
      mode: 'form',
      message: 'Which colour?',
      requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
    })
    return text(JSON.stringify(answer))
  },
  async sample() {
    const answer = await request('sampling/createMessage', {
      messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }],
      maxTokens: 10,
    })
    return text(JSON.stringify(answer))
  },
}

function request(method, params) {
  const id = `own-${pending.size}`
  send({ id, method, params })
  return new Promise((resolve) => pending.set(id, resolve))
}

async function handle({ id, method, params, result, error }) {
  if (method === undefined) return pending.get(id)?.(result ?? { error })
  note(method)
  if (method === 'initialize') {
    const { protocolVersion } = params
    const serverInfo = { name: 'raw', version: '1.0.0' }
    const capabilities = { tools: { listChanged: true } }
    return send({ id, result: { protocolVersion, capabilities, serverInfo } })
  }
  if (method === 'tools/list') {
    const names = [...Object.keys(tools), ...(hasGrown ? ['grown'] : [])]
    const listed = names.map((name) => ({ name, inputSchema: { type: 'object' } }))
    return send({ id, result: { tools: listed } })
  }
  if (method === 'tools/call') {
    note(`call ${params.name}`)
    const tool = tools[params.name]
    if (!tool)
      return send({ id, error: { code: -32602, message: `Tool ${params.name} not found` } })
    const answer = await tool(params)
    if (answer) send({ id, result: answer })
    return
  }
  if (id === undefined) return
  // Some servers of old take a question before the greeting for an offence.
  if (method === 'server/discover' && mood === 'touchy') process.exit(1)
  send({ id, error: { code: -32601, message: 'Method not found' } })
}

createInterface({ input: process.stdin }).on('line', (line) => handle(JSON.parse(line)))
