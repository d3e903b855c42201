import { setFlagsFromString } from 'node:v8'

/**
 * V8 lets a function run unoptimized until it was called 400 times, and 500 times since it last learned
 * of a type: for a program whose every request is the same few hundred functions, once each, that is the
 * first 500 requests. Made for pages that live for seconds; a server lives for days.
 */
const SOONER = ['--invocation-count-for-maglev=25', '--minimum-invocations-after-ic-update=25']
/**
 * V8 may end the process when it frees code of WebAssembly that it has better code for (nodejs/node#64500).
 * Prisma and the sandbox have a few megabytes of it, which then stay.
 */
const SAFER = ['--no-wasm-code-gc']

/** Has V8 optimize sooner, and not free what it cannot. To be called before anything else is done. */
export function tuneRuntime(): void {
  for (const flag of [...SOONER, ...SAFER]) setFlagsFromString(flag)
}
