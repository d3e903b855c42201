import { type DatabaseFactory, openForTest } from '@executor/storage/testing'
import { openStore } from '../src/store.ts'

export const aStore = (create: DatabaseFactory['create']) => openForTest(create, openStore)
