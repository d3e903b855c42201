import { toVisible } from '@executor/contracts'

/**
 * What is asked for goes to standard output, everything said about it to standard error. Much of it
 * was written by agents and upstreams: none of it reaches the terminal as anything but text.
 */
export const terminal = {
  /** Where somebody can be asked; null where nobody looks. */
  get person() {
    const { stdin: input, stderr: output } = process
    return input.isTTY && output.isTTY ? { input, output } : null
  },
  out(text: string): void {
    process.stdout.write(`${toVisible(text)}\n`)
  },
  json(value: unknown): void {
    process.stdout.write(`${toVisible(JSON.stringify(value, null, 2))}\n`)
  },
  note(text: string): void {
    process.stderr.write(`${toVisible(text)}\n`)
  },
}

/** Whoever reads may have read enough (`executor runs list | head`): that is no failure. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error
    })
  }
}
