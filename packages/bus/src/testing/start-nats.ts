import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { invariant } from '@executor/contracts'
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers'
import { disableReaper, isCi, natsImage } from './config.ts'
import { findFreePort } from './ports.ts'

const CONFIG = fileURLToPath(new URL('../../../../infra/nats/nats.conf', import.meta.url))
const CONFIG_IN_CONTAINER = '/etc/nats/nats.conf'
const SERVICES = ['gateway', 'catalog', 'connections', 'policy', 'executor']

/** A real nats-server in a container, for tests. */
export interface NatsServer {
  servers: string
  /** What `connectNatsBus` needs to be this service. */
  login(name: string): { servers: string; name: string; user: string; password: string }
  /** Ends the server at once, as a crash would; its address and its files stay. */
  halt(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

/** Why there is no Docker to start a server with; `null` when there is, and always in CI. */
export async function whyNoNats(): Promise<string | null> {
  if (isCi) return null
  disableReaper()
  try {
    await getContainerRuntimeClient()
    return null
  } catch (error) {
    return `no Docker engine answers (${error instanceof Error ? error.message : String(error)})`
  }
}

/**
 * Starts nats-server with infra/nats/nats.conf and passwords of its own; with `isOpen`, without
 * accounts, for what our accounts do not allow.
 */
export async function startNats({ isOpen = false } = {}): Promise<NatsServer> {
  disableReaper()
  const passwords = new Map(SERVICES.map((name) => [name, `p${randomBytes(16).toString('hex')}`]))
  // A fixed port: Docker gives a restarted container another one otherwise.
  const port = await findFreePort()
  const container = new GenericContainer(natsImage)
    .withExposedPorts({ container: 4222, host: port })
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
  if (isOpen) container.withCommand(['nats-server', '-js'])
  else {
    container
      .withCopyFilesToContainer([{ source: CONFIG, target: CONFIG_IN_CONTAINER }])
      .withCommand(['nats-server', '--config', CONFIG_IN_CONTAINER])
      .withEnvironment(
        Object.fromEntries(
          [...passwords].map(([name, password]) => [
            `NATS_${name.toUpperCase()}_PASSWORD`,
            password,
          ]),
        ),
      )
  }
  const started = await container.start()
  const servers = `${started.getHost()}:${port}`
  const { container: engine } = await getContainerRuntimeClient()
  const handle = engine.getById(started.getId())

  return {
    servers,
    login: (name) => {
      const password = passwords.get(name)
      invariant(password !== undefined, `nats.conf has no user ${name}`)
      return { servers, name, user: name, password }
    },
    halt: async () => void (await handle.kill()),
    resume: async () => void (await handle.start()),
    stop: async () => void (await started.stop()),
  }
}
