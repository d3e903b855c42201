import { describe, expect, it } from 'vitest'
import type { CallableTool } from '../tools/tool.ts'
import { askApproval } from './approval.ts'
import { newExecution } from './new-run.ts'

const principal = { tenant: 't', subject: 'ann', roles: ['owner' as const], via: 'rest' as const }
const run = newExecution('', { principal, status: 'running', holder: 'here' })
const tool: CallableTool = {
  path: 'up.org.main.items.create',
  readOnly: false,
  requiresApproval: true,
  alwaysAsksAgents: false,
  summary: 'POST /items',
  send: () => Promise.reject(new TypeError('nothing is sent')),
}
const ask = (args: unknown) => askApproval(run, 0, tool, args, null)

describe('askApproval', () => {
  it('says what would be sent, and keeps it', () => {
    const args = { body: { name: 'x', tags: ['a', 'b'] } }

    const { message, arguments: kept } = ask(args)

    expect(message).toBe(
      `Approve up.org.main.items.create?\nPOST /items\n\n${JSON.stringify(args, null, 2)}`,
    )
    expect(kept).toBe(JSON.stringify(args))
  })

  it('hides nothing in characters that show nothing', () => {
    const { message } = ask({ to: 'ann\u202e@live' })

    expect(message).toContain('"to": "ann\\u202e@live"')
  })

  it('shows as much of deep arguments as of others, and counts the rest', () => {
    let deep: unknown = 1
    for (let level = 0; level < 1_000; level++) deep = [deep]
    const args = { body: { deep: [deep, deep, deep] } }

    const { message } = ask(args)

    expect(message.length).toBeLessThan(4_200)
    expect(message).toMatch(/\[\[\[\[.*\n… \(6025 characters of JSON in all\)$/s)
  })
})
