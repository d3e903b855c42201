import type { Interaction } from '@executor/contracts'
import type { Client } from './client.ts'
import { terminal } from './terminal.ts'

type Asked = Pick<Interaction, 'kind' | 'message' | 'address' | 'arguments'> &
  Partial<Pick<Interaction, 'requestedSchema' | 'url'>>

interface Waiting {
  executionId: string
  approvalUrl?: string
  interaction?: Asked
}

/** Says what is waited for, and how to go on. */
export function printWaiting(client: Client, body: unknown): void {
  const { executionId, approvalUrl, interaction } = body as Waiting
  if (interaction) printAsked(interaction)
  else terminal.note('Execution paused: a person is asked')
  terminal.note(`executionId: ${executionId}`)
  terminal.note(`Answer in the console: ${approvalUrl ?? `${client.origin}/resume/${executionId}`}`)
  const content = interaction?.requestedSchema === undefined ? '' : " --content '{…}'"
  terminal.note(
    `or here: executor resume --execution-id ${executionId} --action accept|decline|cancel${content}`,
  )
  terminal.json(body)
  process.exitCode = 2
}

/** What would be answered: an approval's message holds its call, an upstream's question does not. */
export function printAsked({
  kind,
  message,
  address,
  arguments: args,
  requestedSchema,
  url,
}: Asked): void {
  terminal.note(`Execution paused: ${message}`)
  if (kind !== 'approval') terminal.note(`Asked by ${address} ${JSON.stringify(args)}`)
  if (url !== undefined) terminal.note(`It asks to open: ${url}`)
  if (requestedSchema !== undefined)
    terminal.note(`It asks for a form: ${JSON.stringify(requestedSchema)}`)
}
