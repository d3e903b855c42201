import type { databaseFactories } from '@executor/storage/testing'
import { onTestFinished } from 'vitest'
import { openStore, type Store } from '../src/store.ts'

type Create = ReturnType<typeof databaseFactories>[number]['create']

/** A store on a database of its own, both gone when the test is. */
export async function aStore(create: Create): Promise<Store> {
  const database = await create()
  const store = await openStore(database.url)
  onTestFinished(async () => {
    await store.close()
    await database.drop()
  })
  return store
}
