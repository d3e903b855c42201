import { type ImportResult, invariant } from '@executor/contracts'
import type { Stage } from './stage.ts'

/** A read that takes two path parameters. */
export const READ_REPOSITORY = 'github.org.main.repos.get'
export const READ_ARGUMENTS = { owner: 'octocat', repo: 'hello-world' }

/** Imports a description that the upstream serves; answers how many tools it holds. */
export async function importDescription(
  { owner, upstream }: Stage,
  name: string,
  slug: string = name,
): Promise<number> {
  const answer = await owner.post('/api/openapi/specs', {
    spec: { kind: 'url', url: `${upstream.origin}/descriptions/${name}` },
    slug,
    baseUrl: upstream.origin,
    authenticationTemplate: [
      {
        type: 'apiKey',
        slug: 'key',
        headers: { authorization: ['Bearer ', { type: 'variable', name: 'token' }] },
      },
    ],
  })
  const { toolCount }: ImportResult = JSON.parse(answer)
  invariant(toolCount > 0, `${name} has tools`)
  return toolCount
}

export async function connect({ owner }: Stage, integration: string): Promise<void> {
  await owner.post('/api/connections', {
    owner: 'org',
    integration,
    name: 'main',
    template: 'key',
    value: 'a-token-of-somebody',
  })
}

/** GitHub's REST API, ready to be called. */
export async function connectGithub(stage: Stage): Promise<void> {
  await importDescription(stage, 'github')
  await connect(stage, 'github')
  await stage.agent.post('/api/tools/invoke', {
    address: READ_REPOSITORY,
    arguments: READ_ARGUMENTS,
  })
}
