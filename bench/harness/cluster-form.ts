import { benchConfig } from './config.ts'
import type { BenchForm } from './form.ts'

/** Starts NATS and PostgreSQL in containers and the five services, three workers among them, beside. */
export async function openClusterForm(): Promise<BenchForm> {
  // The harness of the journeys reads this when it is loaded: what is measured is what is shipped.
  process.env.E2E_BUNDLED ??= '1'
  process.env.E2E_LOG_LEVEL ??= 'warn'
  const { besideClusterServers, removeClusterServers, startClusterServers } = await import(
    '../../e2e/harness/cluster-servers.ts'
  )
  const cluster = await import('../../e2e/harness/cluster-form.ts')
  const servers = await startClusterServers()
  try {
    const isOwnNetwork = process.platform === 'linux'
    const form = await cluster.openClusterForm(
      isOwnNetwork ? await besideClusterServers(servers) : servers,
      benchConfig.nodeOptions ? { env: { NODE_OPTIONS: benchConfig.nodeOptions } } : {},
    )
    return {
      name: 'cluster',
      origin: form.origin,
      ownerToken: form.ownerToken,
      agentToken: form.agentToken,
      pids: form.processes.map(({ pid }) => pid),
      async close() {
        await form.close()
        await removeClusterServers(servers)
      },
    }
  } catch (error) {
    await removeClusterServers(servers)
    throw error
  }
}

/** Says so by the words of the library that looks for it. */
export function isDockerMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes('container runtime')
}
