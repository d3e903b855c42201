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
  terminal.note(`Execution paused: ${toPrintable(message)}`)
  if (kind !== 'approval') terminal.note(`Asked by ${address} ${toPrintable(JSON.stringify(args))}`)
  if (url !== undefined) terminal.note(`It asks to open: ${toPrintable(url)}`)
  if (requestedSchema !== undefined)
    terminal.note(`It asks for a form: ${toPrintable(JSON.stringify(requestedSchema))}`)
}

/** Texts of strangers: nothing in them moves the cursor, or turns the direction of what is read. */
export function toPrintable(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
