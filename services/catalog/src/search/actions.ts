/** What an operation does, and what somebody who asks for one wants done. */
export const ACTIONS = ['list', 'read', 'create', 'update', 'delete', 'act'] as const
export type Action = (typeof ACTIONS)[number]

/**
 * Verbs that name nothing but the action. They decide between operations of one thing and hardly say
 * which thing it is.
 */
const GENERAL: Record<Exclude<Action, 'act'>, string> = {
  list: 'list enumerate browse all every each index',
  read: 'get show see view read fetch retrieve display look describe tell inspect load return obtain check know watch count many much status info information detail',
  create:
    'create add make new build insert generate produce establish construct set-up setup provision put open start begin initiate launch register write compose draft post publish submit record define enter give ask bring',
  update:
    'update edit change modify alter adjust set replace patch amend revise correct fix rename switch save configure customize put upsert overwrite refresh mark turn let take',
  delete:
    'delete remove destroy drop erase wipe purge clear discard trash kill eliminate cut throw unset terminate forget',
}

/** Verbs that say what is done by themselves; the action is what an operation of that verb usually is. */
const PARTICULAR: Record<Action, string> = {
  list: '',
  read: 'find search lookup query download export preview compare verify validate lookup render test ping estimate calculate monitor measure print',
  create:
    'invite upload attach send schedule order reserve book import clone copy duplicate fork issue assign grant request charge refund subscribe comment reply sign propose buy purchase hire enroll allocate mint log',
  update:
    'limit restrict enable disable activate deactivate pause resume suspend lock unlock move transfer reassign pin unpin archive unarchive restore resize scale promote demote convert sync follow hide reopen close complete finish reset rotate extend cordon star',
  delete:
    'cancel revoke detach disconnect unlink uninstall unassign unfollow unsubscribe unstar withdraw leave kick ban evict expire invalidate dismiss',
  act: 'verify validate check test calculate estimate preview run execute trigger merge approve reject accept decline deny confirm capture cancel rerun retry restart stop abort pay finalize void reverse dispatch deploy redeliver rollback attach bind connect link share call join rebuild release forward mount',
}

const MEANINGS = readMeanings()

export interface VerbMeaning {
  actions: readonly Action[]
  /** It names the action and nothing else. */
  general: boolean
}

/** What a lower-case word means as a verb, if it is one. */
export function verbMeaning(word: string): VerbMeaning | undefined {
  return MEANINGS.get(word) ?? MEANINGS.get(toInfinitive(word))
}

/** Every verb that is known to mean an action. */
export function verbs(): string[] {
  return [...MEANINGS.keys()]
}

function readMeanings(): Map<string, VerbMeaning> {
  const meanings = new Map<string, { actions: Action[]; general: boolean }>()
  const tables = [
    { table: GENERAL as Partial<Record<Action, string>>, general: true },
    { table: PARTICULAR as Partial<Record<Action, string>>, general: false },
  ]
  for (const { table, general } of tables)
    for (const action of ACTIONS)
      for (const verb of (table[action] ?? '').split(' ').filter(Boolean)) {
        const known = meanings.get(verb)
        if (known) known.actions.push(action)
        else meanings.set(verb, { actions: [action], general })
      }
  return meanings
}

/** Descriptions say "Creates", "Listing", "cancelled": enough rules for the verbs of our tables. */
function toInfinitive(word: string): string {
  for (const candidate of infinitives(word)) if (MEANINGS.has(candidate)) return candidate
  return word
}

function infinitives(word: string): string[] {
  const stems: string[] = []
  if (word.endsWith('ies')) stems.push(`${word.slice(0, -3)}y`)
  if (word.endsWith('es')) stems.push(word.slice(0, -2))
  if (word.endsWith('s') && !word.endsWith('ss')) stems.push(word.slice(0, -1))
  for (const ending of ['ing', 'ed'])
    if (word.endsWith(ending)) {
      const bare = word.slice(0, -ending.length)
      stems.push(bare, `${bare}e`, bare.slice(0, -1))
    }
  return stems
}
