import { type ImportResult, ServiceError } from '@executor/contracts'
import type { ImportedSource } from './sources/source.ts'
import type { Store } from './store.ts'

/** A slug that is free: the wished one, or the wished one and a number. */
const SLUG_TRIES_MAX = 100

/** Stores what a source was imported into, once for equal sources. */
export async function saveSnapshot(
  { store }: { store: Store },
  tenant: string,
  { snapshot }: Pick<ImportedSource, 'snapshot'>,
): Promise<void> {
  if (await store.hasSnapshot(tenant, snapshot.hash)) return
  await store.saveSnapshot(tenant, snapshot)
}

/** Keeps the text that a source was handed in as; answers what its integration points at. */
export async function savePastedText(
  { store }: { store: Store },
  tenant: string,
  { pastedText }: Pick<ImportedSource, 'pastedText'>,
  before: string | null = null,
): Promise<string | null> {
  if (pastedText === undefined) return null
  if (pastedText === 'kept') return before
  const text = await pastedText()
  await store.savePastedText(tenant, text)
  return text.hash
}

/** What an import changed, by name. */
export function compareTools(
  before: readonly { name: string; hash: string }[],
  after: readonly { name: string; hash: string }[],
): Pick<ImportResult, 'addedTools' | 'removedTools' | 'changedTools'> {
  const old = new Map(before.map(({ name, hash }) => [name, hash]))
  const now = new Map(after.map(({ name, hash }) => [name, hash]))
  return {
    addedTools: after.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    removedTools: before.filter(({ name }) => !now.has(name)).map(({ name }) => name),
    changedTools: after
      .filter(({ name, hash }) => old.has(name) && old.get(name) !== hash)
      .map(({ name }) => name),
  }
}

/** `wished`, `wished_2`, …: the first that `insert` takes. */
export async function claimSlug(
  wished: string,
  insert: (slug: string) => Promise<boolean>,
): Promise<string> {
  for (let n = 1; n <= SLUG_TRIES_MAX; n++) {
    const slug = n === 1 ? wished : `${wished}_${n}`
    if (await insert(slug)) return slug
  }
  throw slugTaken(wished)
}

export function slugTaken(slug: string): ServiceError {
  return new ServiceError(
    'already_exists',
    'integration_already_exists',
    `There is an integration "${slug}" already. Choose another slug, or update that one.`,
    { details: { slug } },
  )
}
