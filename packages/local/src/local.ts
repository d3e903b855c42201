import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createLifetime, createLog, startTelemetry } from '@executor/boot'
import { createInProcessBus } from '@executor/bus'
import { ServiceError } from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { createGateway, createLocalBearers } from '@executor/gateway'
import { acquireDataDirectory } from '@executor/storage'
import { type LocalConfig, PORT_DEFAULT } from './config.ts'
import {
  ensureTokens,
  removeManifest,
  type ServerManifest,
  writeManifest,
} from './control-files.ts'
import { openServices } from './services.ts'

export const VERSION = '0.1.0'

/** A running local form: every service in this process. */
export interface LocalInstance {
  origin: string
  ownerToken: string
  agentToken: string
  /** Finishes what is under way, closes everything and gives the data directory back. */
  close(): Promise<void>
}

export interface StartOptions {
  kind: ServerManifest['kind']
  /** Where the port is taken, any other will do. */
  portIsWish?: boolean
}

/**
 * Starts the local form on a data directory, which it takes for itself. Throws `already_exists`
 * (`storage.directory_owned`) when another instance has it, `unavailable` (`port_taken`) when
 * something else listens on the port.
 */
export async function startLocal(
  config: LocalConfig,
  options: StartOptions,
): Promise<LocalInstance> {
  const log = createLog('local', config.logLevel)
  const lifetime = createLifetime(log)
  try {
    const directory = await acquireDataDirectory(config.dataDir)
    lifetime.own({ close: () => directory.release() })
    const tokens = await ensureTokens(config.dataDir, config)
    const telemetry = await startTelemetry('local', config.otlpEndpoint)
    lifetime.own({ close: () => telemetry.flush() })

    const bus = lifetime.own(
      createInProcessBus({
        onError: (error, fault) => log.error({ err: error, ...fault }, 'handler failed'),
      }),
    )
    const egress = lifetime.own(createEgress({ allowLocalNetwork: config.allowLocalNetwork }))
    const app = await createGateway({
      bus: bus.connect('gateway'),
      auth: createLocalBearers(tokens),
      config: {
        origin: config.webBaseUrl,
        allowedHosts: allowedHosts(config),
        allowedOrigins: [],
        webRoot: findWebRoot(),
        version: VERSION,
        elicitationMode: config.elicitationMode,
      },
      log,
    })
    let origin = ''
    await openServices({
      config,
      bus,
      egress,
      log,
      lifetime,
      webBaseUrl: () => config.webBaseUrl ?? origin,
    })
    origin = await listen(app, config, options.portIsWish ?? false)
    // Closed first: what is under way is still answered by the services behind it.
    lifetime.own({ close: () => app.close() })
    await directory.announce(origin)
    await writeManifest(config.dataDir, manifest(config, options.kind, origin, tokens.ownerToken))
    lifetime.own({ close: () => removeManifest(config.dataDir) })
    return { origin, ...tokens, close: () => lifetime.close() }
  } catch (error) {
    await lifetime.close()
    throw error
  }
}

interface Listener {
  listen(options: { port: number; host: string }): Promise<string>
  server: { address(): AddressInfo | string | null }
}

async function listen(
  app: Listener,
  { port, host }: LocalConfig,
  portIsWish: boolean,
): Promise<string> {
  try {
    await app.listen({ port, host })
  } catch (error) {
    if (!isCode(error, 'EADDRINUSE') || !portIsWish) throw toListenFailure(error, port, host)
    await app.listen({ port: 0, host })
  }
  const address = app.server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return `http://${originHost(host)}:${actual}`
}

function toListenFailure(error: unknown, port: number, host: string): unknown {
  if (isCode(error, 'EADDRINUSE')) {
    return new ServiceError(
      'unavailable',
      'port_taken',
      `Port ${port} is taken. Stop what listens there, or choose another: PORT=${PORT_DEFAULT + 1} npm start`,
      { cause: error },
    )
  }
  if (isCode(error, 'EADDRNOTAVAIL') || isCode(error, 'ENOTFOUND')) {
    return new ServiceError(
      'invalid_argument',
      'host_unknown',
      `Cannot listen on "${host}": set EXECUTOR_HOST to an address of this machine.`,
      { cause: error },
    )
  }
  return error
}

/** What people type: an address that means "any" is reached as localhost. */
function originHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function allowedHosts({ host, allowedHosts: given }: LocalConfig): string[] {
  const any = host === '0.0.0.0' || host === '::'
  return any ? given : [host, ...given]
}

/** The console's build: beside the bundle, or in the source tree. */
function findWebRoot(): string | undefined {
  const here = import.meta.dirname
  return ['../web/build', '../../web/build', '../../../web/build']
    .map((path) => join(here, path))
    .find((path) => existsSync(path))
}

function manifest(
  { dataDir }: LocalConfig,
  kind: ServerManifest['kind'],
  origin: string,
  token: string,
): ServerManifest {
  return {
    version: 1,
    kind,
    pid: process.pid,
    startedAt: new Date().toISOString(),
    dataDir,
    scopeDir: process.cwd(),
    connection: { origin, auth: { kind: 'bearer', token } },
    owner: { client: 'executor', version: VERSION },
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
