import { tuneRuntime } from '@executor/boot'
import { isServiceError } from '@executor/contracts'
import { type LocalConfig, type LocalInstance, readLocalConfig, startLocal } from '@executor/local'
import { CommandFailure } from './failure.ts'
import { terminal } from './terminal.ts'

/** Milliseconds after which a stop that hangs is ended by force. */
const STOP_MS_MAX = 25_000

export interface ServeOptions {
  port?: string
  hostname?: string
  authToken?: string
  allowedHost?: string[]
}

/** Runs an instance in this process until it is told to stop. */
export async function runForeground(
  kind: 'foreground' | 'cli-daemon',
  options: ServeOptions,
): Promise<void> {
  tuneRuntime()
  const config = configure(options)
  const instance = await start(config, kind)
  endOnSignal(instance)
  if (kind === 'foreground') greet(instance)
}

function configure({ port, hostname, authToken, allowedHost }: ServeOptions): LocalConfig {
  try {
    return readLocalConfig({
      ...(port === undefined ? {} : { PORT: port }),
      ...(hostname === undefined ? {} : { EXECUTOR_HOST: hostname }),
      ...(authToken === undefined ? {} : { EXECUTOR_AUTH_TOKEN: authToken }),
      ...(allowedHost === undefined ? {} : { EXECUTOR_ALLOWED_HOSTS: allowedHost.join(',') }),
    })
  } catch (error) {
    throw toFailure(error)
  }
}

async function start(
  config: LocalConfig,
  kind: 'foreground' | 'cli-daemon',
): Promise<LocalInstance> {
  try {
    return await startLocal(config, { kind, portIsWish: kind === 'cli-daemon' })
  } catch (error) {
    throw toFailure(error)
  }
}

/** An expected failure has a message for the person who started it; anything else is a bug. */
function toFailure(error: unknown): unknown {
  return isServiceError(error) ? new CommandFailure(error.message) : error
}

function greet({ origin, ownerToken, agentToken }: LocalInstance): void {
  const add = `npx add-mcp ${origin}/mcp --transport http --name executor --header "Authorization: Bearer ${agentToken}"`
  terminal.out(`
Executor is running.

  Console            ${origin}/?_token=${encodeURIComponent(ownerToken)}
  MCP endpoint       ${origin}/mcp
  API                ${origin}/api/docs
  Connect an agent   ${add}

Three commands to try in another terminal, from this folder:

  npx executor call executor openapi addSource '{"spec": "https://petstore3.swagger.io/api/v3/openapi.json", "namespace": "petstore", "baseUrl": "https://petstore3.swagger.io/api/v3"}'
  npx executor tools search "find pets by status"
  npx executor call petstore findPetsByStatus '{"status": "available"}'

Ctrl+C stops it.`)
}

function endOnSignal(instance: LocalInstance): void {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    instance.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}
