import { isAdmin, type Principal, ServiceError } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import type { RunRow } from '../store/rows.ts'

/** Throws `not_found` (`run_unknown`), also for somebody else's run. */
export async function getOwnRun(
  { store, journal }: ExecutorDeps,
  principal: Principal,
  id: string,
): Promise<RunRow> {
  await journal.flush(id)
  const run = await store.findRun(principal.tenant, id)
  if (run && maySee(principal, run.subject)) return run
  throw new ServiceError('not_found', 'run_unknown', `There is no run "${id}".`)
}

/** A person sees their own runs, an administrator everyone's; an agent those of its person. */
export function maySee(principal: Principal, subject: string): boolean {
  return principal.subject === subject || isAdmin(principal) || principal.roles.includes('service')
}

/** The subject to filter lists by; none for whoever sees everything. */
export function ownSubject(principal: Principal): string | undefined {
  return isAdmin(principal) || principal.roles.includes('service') ? undefined : principal.subject
}
