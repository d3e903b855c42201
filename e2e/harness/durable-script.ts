import { ExecutionResult, invariant, type RunDetail } from '@executor/contracts'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Upstream } from './upstream.ts'

/** Code that reads, writes, reads twice at once, waits for a person, writes again and returns. */
export function durableScript(slug: string, label: string): string {
  return `
    const ledger = tools.${slug}.org.main
    const outcomeOf = (result) => (result.ok ? 'done' : result.error.code)
    const item = await ledger.items.readItem({ id: 'one' })
    const seen = JSON.stringify({ at: Date.now(), chance: Math.random() })
    const first = await ledger.writes.write({ body: { label: '${label}-first', note: seen } })
    const both = await Promise.all(['two', 'three'].map((id) => ledger.items.readItem({ id })))
    const approved = await ledger.gated.write({ body: { label: '${label}-approved', note: seen } })
    const last = await ledger.writes.write({ body: { label: '${label}-last', note: seen } })
    return {
      items: [item, ...both].map(({ data }) => data.name),
      seen,
      first: outcomeOf(first),
      approved: outcomeOf(approved),
      last: outcomeOf(last),
    }`
}

const Outcome = z.enum(['done', 'outcome_unknown'])
const Value = z.strictObject({
  items: z.tuple([z.literal('item one'), z.literal('item two'), z.literal('item three')]),
  seen: z.string(),
  first: Outcome,
  approved: Outcome,
  last: Outcome,
})

/** What the script returned, whatever happened to it on its way. */
export function returned(run: RunDetail): z.infer<typeof Value> {
  const result = ExecutionResult.parse(run.result)
  invariant(result.ok, `the script returns: ${JSON.stringify(run)}`)
  return Value.parse(result.value)
}

/**
 * Every write arrived once, with what the script saw before; or its script was told that nobody knows
 * whether it did. Answers how many were told so.
 */
export function expectWrittenOnce(run: RunDetail, upstream: Upstream, label: string): number {
  const value = returned(run)
  let unknown = 0
  for (const step of ['first', 'approved', 'last'] as const) {
    const notes = upstream.writes(`${label}-${step}`).map(({ body }) => JSON.parse(body).note)
    const isKnown = value[step] === 'done'
    if (!isKnown) unknown++
    expect(notes, `${step} of ${label}, ${value[step]}`).toEqual(
      isKnown || notes.length > 0 ? [value.seen] : [],
    )
  }
  return unknown
}
