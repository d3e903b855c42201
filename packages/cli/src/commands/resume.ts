import type { Command } from 'commander'
import { messageOf } from '../client.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { printWaiting } from '../paused.ts'
import { terminal } from '../terminal.ts'

interface ResumeOptions {
  executionId: string
  action: string
  content?: string
  baseUrl?: string
}

export function addResume(program: Command): void {
  program
    .command('resume')
    .description('Answer what an execution waits for, and see how it goes on')
    .requiredOption('--execution-id <id>', 'as printed when it paused')
    .option('--action <answer>', 'accept, decline or cancel', 'accept')
    .option('--content <json>', 'what a form asks for')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (options: ResumeOptions) => {
      if (!['accept', 'decline', 'cancel'].includes(options.action)) {
        throw new CommandFailure('--action is accept, decline or cancel.')
      }
      const client = await connectInstance(options)
      const reply = await client.send(
        'POST',
        `/executions/${encodeURIComponent(options.executionId)}/resume`,
        {
          action: options.action,
          ...(options.content === undefined ? {} : { content: parseContent(options.content) }),
        },
      )
      if (reply.status >= 300) throw new CommandFailure(messageOf(reply))
      if (isPaused(reply.body))
        return printWaiting(client, { executionId: options.executionId, ...reply.body })
      terminal.json(reply.body)
    })
}

function isPaused(body: unknown): body is object {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'paused'
}

function parseContent(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandFailure('--content is not JSON.')
  }
}
