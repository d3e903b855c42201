import { ServiceError } from '@executor/contracts'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import { currentExchange } from '../exchange.ts'
import type { Sdk } from '../sdk.ts'
import { createLines } from './lines.ts'
import {
  type Ending,
  type ServerCommand,
  type ServerProcess,
  startServer,
} from './server-process.ts'
import type { Watchdog } from './watchdog.ts'

/** One message; a server that writes more without an end of line says nothing we could read. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024

/**
 * The SDK's side of a server's pipes. It has `pid` and `stderr` because that is how the SDK tells a
 * pipe from a network: there, silence means an older server and not an outage.
 */
export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: Transport['onmessage']
  readonly stderr = null
  readonly #sdk: Sdk
  readonly #command: ServerCommand
  readonly #watchdog: Watchdog
  #process: ServerProcess | undefined

  constructor(sdk: Sdk, command: ServerCommand, watchdog: Watchdog) {
    this.#sdk = sdk
    this.#command = command
    this.#watchdog = watchdog
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  /** Null while it runs. */
  get ending(): Ending | null {
    return this.#process?.ending ?? null
  }

  async start(): Promise<void> {
    const lines = createLines((line) => this.#receive(line), MESSAGE_BYTES_MAX)
    this.#process = await startServer(this.#command, this.#watchdog, (chunk) => {
      if (lines.push(chunk)) return
      this.onerror?.(tooLarge(this.#command.command))
      void this.close()
    })
    void this.#process.ended.then(() => this.onclose?.())
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const exchange = currentExchange()
    if (!this.#process?.write(`${JSON.stringify(message)}\n`))
      throw notRunning(this.#command.command)
    if (exchange) exchange.sent = true
  }

  async close(): Promise<void> {
    await this.#process?.stop()
  }

  #receive(line: string): void {
    // Servers write more than messages to their standard output: whatever is none is left alone.
    if (!/^\s*[{[]/.test(line)) return
    try {
      this.onmessage?.(this.#sdk.deserializeMessage(line))
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new TypeError(String(error)))
    }
  }
}

function notRunning(command: string): ServiceError {
  const message = `"${command}" does not run any more.`
  return new ServiceError('unavailable', 'mcp_connection_failed', message, {
    details: { sent: false },
  })
}

function tooLarge(command: string): ServiceError {
  const message = `"${command}" sends a message of more than ${MESSAGE_BYTES_MAX} bytes; ask it for less.`
  return new ServiceError('resource_exhausted', 'egress_too_large', message, {
    details: { sent: true, answered: true },
  })
}
