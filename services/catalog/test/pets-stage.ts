import type { DatabaseFactory } from '@executor/storage/testing'
import { afterEach, beforeEach, onTestFinished } from 'vitest'
import { openCatalogWorld } from './catalog-world.ts'
import { type PetsUpstream, startPetsUpstream } from './pets-upstream.ts'

/** For each test a database and an upstream that describes pets, and catalogs with an account there. */
export function setPetsStage(create: DatabaseFactory['create']) {
  let upstream: PetsUpstream
  let database: Awaited<ReturnType<typeof create>>
  let isDropPlanned: boolean
  beforeEach(async () => {
    database = await create()
    isDropPlanned = false
    upstream = await startPetsUpstream()
  })
  afterEach(async () => {
    await upstream.close()
  })

  return {
    get upstream() {
      return upstream
    },
    async openWorld(options: Parameters<typeof openCatalogWorld>[1] = {}) {
      // Planned first, done last: the world closes on its database.
      if (!isDropPlanned) onTestFinished(database.drop)
      isDropPlanned = true
      const world = await openCatalogWorld(database.url, options)
      world.accounts.push({ owner: 'org', integration: 'pets', name: 'main', updatedAt: 1 })
      return world
    },
  }
}
