import type { Client } from './client.ts'
import { terminal } from './terminal.ts'

interface Waiting {
  executionId: string
  approvalUrl?: string
  interaction?: { message: string }
}

/** Says what is waited for, and how to go on. */
export function printWaiting(client: Client, body: unknown): void {
  const { executionId, approvalUrl, interaction } = body as Waiting
  terminal.note(`Execution paused: ${interaction?.message ?? 'a person is asked'}`)
  terminal.note(`executionId: ${executionId}`)
  terminal.note(`Answer in the console: ${approvalUrl ?? `${client.origin}/resume/${executionId}`}`)
  terminal.note(`or here: executor resume --execution-id ${executionId}`)
  terminal.json(body)
  process.exitCode = 2
}
