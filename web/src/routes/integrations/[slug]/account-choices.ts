import type { Connection, Preset } from '@executor/contracts'
import type { IntegrationView } from '#lib/api.ts'
import type { AuthMethodView } from '#lib/credential-fields.ts'

const NONE: AuthMethodView = { slug: 'none', label: 'No authentication', kind: 'none' }

/**
 * The methods to choose from, those that ask for something first: whoever adds an account has it.
 * Not every description says that an API can be called without a credential, so that is always one.
 */
export function chooseMethods(methods: readonly AuthMethodView[]): AuthMethodView[] {
  const asking = methods.filter(({ kind }) => kind !== 'none')
  const open = methods.filter(({ kind }) => kind === 'none')
  return [...asking, ...(open.length > 0 ? open : [NONE])]
}

/** Where its credential comes from, as far as the preset of the same address says. */
export function findCredentialHint(
  presets: readonly Preset[],
  { kind, displayUrl }: Pick<IntegrationView, 'kind' | 'displayUrl'>,
): Preset['credential'] | undefined {
  const preset = presets.find((one) => one.kind === kind && one.url && one.url === displayUrl)
  return preset?.credential
}

/** A name that is not taken: `default`, then `default2`. */
export function suggestName(accounts: readonly Pick<Connection, 'name'>[]): string {
  const taken = new Set(accounts.map(({ name }) => name))
  let name = 'default'
  for (let count = 2; taken.has(name); count++) name = `default${count}`
  return name
}

/** The account whose place one of this name would take; "Alice Private" is kept as `alicePrivate`. */
export function takenBy<T extends Pick<Connection, 'name' | 'owner'>>(
  accounts: readonly T[],
  { owner, name }: Pick<Connection, 'name' | 'owner'>,
): T | undefined {
  const plain = toPlain(name)
  return accounts.find((account) => account.owner === owner && toPlain(account.name) === plain)
}

function toPlain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
}
