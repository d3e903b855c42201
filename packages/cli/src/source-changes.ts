import type {
  OperationChange,
  RefreshPreview,
  SourceChange,
  SourceDiff,
  SourceReview,
  TouchedRule,
} from '@executor/contracts'
import { terminal } from './terminal.ts'

const MARKS: Record<OperationChange['change'], string> = { added: '+', changed: '~', removed: '-' }

export function printPreview(preview: RefreshPreview): void {
  const { diff, rules, heldTools, suspicion, warnings } = preview
  printDiff(diff, new Set(heldTools))
  printRules(rules)
  if (suspicion !== undefined) terminal.note(`This looks broken: ${suspicion}`)
  for (const warning of warnings) terminal.note(warning)
}

export function printChange({
  at,
  cause,
  by,
  account,
  diff,
  heldTools,
  rules,
}: SourceChange): void {
  const who = by === '' ? cause : `${cause} by ${by}`
  const where = account ? `  ${account.owner}.${account.connection}` : ''
  terminal.out(`${new Date(at).toISOString()}  ${who}${where}`)
  printDiff(diff, new Set())
  if (heldTools.length > 0) terminal.out(`  in review: ${heldTools.join(', ')}`)
  printRules(rules)
}

export function printReview(slug: string, review: SourceReview): void {
  const { account, revision, operations, rules } = review
  const where = account ? ` --account ${account.owner}.${account.connection}` : ''
  for (const operation of operations) {
    terminal.out(`${line(operation)}  ${operation.status}`)
    if (operation.change === 'added') terminal.out(`    ${operation.description}`)
    printFields(operation)
  }
  printRules(rules)
  terminal.out(`executor integrations approve ${slug}${where} --revision ${revision}`)
}

function printDiff(
  { added, changed, removed, operations, settings }: SourceDiff,
  held: Set<string>,
) {
  terminal.out(`  ${added} added, ${changed} changed, ${removed} removed`)
  for (const operation of operations) {
    terminal.out(`  ${line(operation)}${held.has(operation.name) ? '  waits for review' : ''}`)
    printFields(operation)
  }
  for (const field of settings) printField(field)
}

function line({ change, name, readOnly }: OperationChange): string {
  return `${MARKS[change]} ${name}${readOnly ? '' : '  [writes]'}`
}

function printFields({ fields, fieldsCut }: OperationChange): void {
  for (const field of fields) printField(field)
  if (fieldsCut) terminal.out('      …')
}

function printField({ path, before, after }: OperationChange['fields'][number]): void {
  terminal.out(`      ${path}: ${before ?? '(nothing)'} → ${after ?? '(nothing)'}`)
}

function printRules(rules: TouchedRule[]): void {
  for (const { rule, toolCount } of rules)
    terminal.out(`  rule ${rule.pattern} (${rule.action}) takes in ${toolCount} of these`)
}
