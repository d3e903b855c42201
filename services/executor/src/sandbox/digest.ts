import { hash } from 'node:crypto'

/** Identifies what a call asks for, so that a replay notices when the script asks for something else. */
export function callDigest(path: string, args: string): string {
  return hash('sha256', `${path}\n${args}`, 'base64url')
}
