import type { Client } from './client.ts'
import { terminal } from './terminal.ts'

interface Waiting {
  executionId: string
  approvalUrl?: string
  interaction?: { message: string; requestedSchema?: unknown }
}

/** Says what is waited for, and how to go on. */
export function printWaiting(client: Client, body: unknown): void {
  const { executionId, approvalUrl, interaction } = body as Waiting
  terminal.note(`Execution paused: ${interaction?.message ?? 'a person is asked'}`)
  terminal.note(`executionId: ${executionId}`)
  terminal.note(`Answer in the console: ${approvalUrl ?? `${client.origin}/resume/${executionId}`}`)
  const form = interaction?.requestedSchema
  if (form !== undefined) terminal.note(`It asks for a form: ${JSON.stringify(form)}`)
  const content = form === undefined ? '' : " --content '{…}'"
  terminal.note(`or here: executor resume --execution-id ${executionId}${content}`)
  terminal.json(body)
  process.exitCode = 2
}
