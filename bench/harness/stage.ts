import { type Client, createClient } from './client.ts'
import { openClusterForm } from './cluster-form.ts'
import { benchConfig } from './config.ts'
import type { BenchForm } from './form.ts'
import { openLocalForm } from './local-form.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** Everything that a measurement needs: a running form, its two keys, and somebody else's API. */
export interface Stage {
  readonly form: BenchForm
  readonly upstream: Upstream
  /** What a person's key reaches. */
  readonly owner: Client
  /** What an agent's key reaches. */
  readonly agent: Client
  close(): Promise<void>
}

/** Opens a form on which nothing happened yet. */
export async function openStage(name: BenchForm['name']): Promise<Stage> {
  const upstream = await startUpstream()
  try {
    const form = await (name === 'cluster' ? openClusterForm() : openLocalForm())
    const owner = createClient(form.origin, form.ownerToken)
    const agent = createClient(form.origin, form.agentToken)
    return {
      form,
      upstream,
      owner,
      agent,
      async close() {
        await Promise.all([owner.close(), agent.close()])
        await form.close()
        upstream.close()
      },
    }
  } catch (error) {
    upstream.close()
    throw error
  }
}

/** The form that a measurement which runs alone was asked for. */
export function askedForm(): BenchForm['name'] {
  return benchConfig.isCluster ? 'cluster' : 'local'
}
