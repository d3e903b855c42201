import { getContainerRuntimeClient } from 'testcontainers'
import type { TestProject } from 'vitest/node'
import { removeClusterServers, startClusterServers } from './cluster-servers.ts'
import { disableReaper, e2eConfig } from './config.ts'

/** Starts what the cluster form stands on, once for all journeys; says why where it cannot. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = e2eConfig.forms.includes('cluster') ? await whyNoDocker() : null
  if (missing) process.stderr.write(`The cluster form is skipped: ${missing}\n`)
  if (missing || !e2eConfig.forms.includes('cluster')) {
    provide('cluster', null)
    return undefined
  }
  const servers = await startClusterServers()
  provide('cluster', servers)
  return () => removeClusterServers(servers)
}

/** In CI there must be Docker: a start that fails says more than a journey that is skipped. */
async function whyNoDocker(): Promise<string | null> {
  if (e2eConfig.isCi) return null
  disableReaper()
  try {
    await getContainerRuntimeClient()
    return null
  } catch (error) {
    return `no Docker engine answers (${error instanceof Error ? error.message : String(error)}).`
  }
}
