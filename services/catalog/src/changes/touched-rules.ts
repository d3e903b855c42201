import type { CallContext } from '@executor/bus'
import { policy, type TouchedRule } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import type { ToolNames } from './source-diff.ts'

export interface TouchedQuestion {
  integration: string
  account?: { owner: 'org' | 'user'; connection: string } | undefined
  tools: string[]
}

/** The rules, of those that the one who asks sees, that can match what changed. */
export async function listTouchedRules(
  { bus }: Pick<CatalogDeps, 'bus'>,
  question: TouchedQuestion,
  { principal, signal }: Pick<CallContext, 'principal' | 'signal'>,
): Promise<TouchedRule[]> {
  if (question.tools.length === 0) return []
  return bus.request(policy.listTouchedRules, question, { principal, signal })
}

export function touchedNames({ addedTools, changedTools, removedTools }: ToolNames): string[] {
  return [...addedTools, ...changedTools, ...removedTools]
}
