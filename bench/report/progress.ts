/** Beside the report, which programs may read. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
