import { Answer, type Interaction } from '@executor/contracts'
import { type Command, Option } from 'commander'
import { askAnswer } from '../ask-answer.ts'
import { type Client, messageOf } from '../client.ts'
import { CommandFailure } from '../failure.ts'
import { connectInstance } from '../instance.ts'
import { printAsked, printWaiting } from '../paused.ts'
import { terminal } from '../terminal.ts'

interface ResumeOptions {
  executionId: string
  action?: Answer
  content?: string
  baseUrl?: string
}

export function addResume(program: Command): void {
  program
    .command('resume')
    .description('Answer what an execution waits for, and see how it goes on')
    .requiredOption('--execution-id <id>', 'as printed when it paused')
    .addOption(
      new Option('--action <answer>', 'the answer; a terminal is shown what is asked').choices(
        Answer.options,
      ),
    )
    .option('--content <json>', 'what a form asks for')
    .option('--base-url <url>', 'talk to this instance')
    .action(async (options: ResumeOptions) => {
      const { executionId, action, content } = options
      const given = content === undefined ? {} : { content: parseContent(content) }
      const { person } = terminal
      if (action === undefined && !person) {
        throw new CommandFailure('Say what the answer is: --action accept, decline or cancel.')
      }
      const client = await connectInstance(options)
      if (action !== undefined) return answer(client, executionId, { action, ...given })
      const shown = await showAsked(client, executionId)
      if (shown === null || !person) return
      return answer(client, shown, { action: await askAnswer(person), ...given })
    })
}

/** How a run stands, as far as it is needed here. */
interface Standing {
  status: string
  isError: boolean
  structured: { executionId: string }
  interaction?: Interaction
}

/** Answers the id of the pause that was shown, so that nothing else is answered. */
async function showAsked(client: Client, executionId: string): Promise<string | null> {
  const run = (await client.get(executionPath(executionId))) as Standing
  if (run.interaction) {
    printAsked(run.interaction)
    return run.structured.executionId
  }
  terminal.note(`Nothing is asked: the execution is ${run.status}.`)
  terminal.json(run)
  if (run.isError) process.exitCode = 1
  return null
}

async function answer(
  client: Client,
  executionId: string,
  given: { action: Answer; content?: unknown },
): Promise<void> {
  const reply = await client.send('POST', `${executionPath(executionId)}/resume`, given)
  if (reply.status >= 300) throw new CommandFailure(messageOf(reply))
  const outcome = reply.body as { status: string; isError: boolean }
  if (outcome.status === 'paused') return printWaiting(client, outcome)
  terminal.json(outcome)
  if (outcome.isError) process.exitCode = 1
}

function executionPath(executionId: string): string {
  return `/executions/${encodeURIComponent(executionId)}`
}

function parseContent(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandFailure('--content is not JSON.')
  }
}
