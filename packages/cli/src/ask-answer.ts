import { createInterface } from 'node:readline/promises'
import type { Answer } from '@executor/contracts'
import { CommandFailure } from './failure.ts'

const WORDS = new Map<string, Answer>([
  ...(['a', 'accept', 'y', 'yes'] as const).map((word) => [word, 'accept'] as const),
  ...(['d', 'decline', 'n', 'no'] as const).map((word) => [word, 'decline'] as const),
  ...(['c', 'cancel'] as const).map((word) => [word, 'cancel'] as const),
])

export interface Streams {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** Asks until there is an answer; whoever ends the input has given none. */
export async function askAnswer({ input, output }: Streams): Promise<Answer> {
  const lines = createInterface({ input, output })
  lines.setPrompt('[a]ccept, [d]ecline or [c]ancel? ')
  let isOver = false
  lines.once('close', () => {
    isOver = true
  })
  try {
    lines.prompt()
    for await (const line of lines) {
      const answer = WORDS.get(line.trim().toLowerCase())
      if (answer) return answer
      if (!isOver) lines.prompt()
    }
  } finally {
    lines.close()
  }
  throw new CommandFailure('Nothing was answered.')
}
