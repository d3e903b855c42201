/** What is asked for goes to standard output, everything said about it to standard error. */
export const terminal = {
  /** Where somebody can be asked; null where nobody looks. */
  get person() {
    const { stdin: input, stderr: output } = process
    return input.isTTY && output.isTTY ? { input, output } : null
  },
  out(text: string): void {
    process.stdout.write(`${text}\n`)
  },
  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  },
  note(text: string): void {
    process.stderr.write(`${text}\n`)
  },
}
