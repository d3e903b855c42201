import { randomUUID } from 'node:crypto'
import { toJsonText, toVisible } from '@executor/contracts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import type { CallableTool } from '../tools/tool.ts'
import { digestCall } from './digest.ts'

/** Characters of arguments in the message itself; the interaction holds them whole. */
const MESSAGE_ARGUMENT_CHARS_MAX = 4_000

/** Asks a person whether this call, with exactly these arguments, may be sent. */
export function askApproval(
  run: RunRow,
  position: number,
  tool: CallableTool,
  args: unknown,
  ttlMs: number | null,
): InteractionRow {
  const now = Date.now()
  const whole = JSON.stringify(args)
  const { text, isCut } = toJsonText(args, MESSAGE_ARGUMENT_CHARS_MAX)
  const shown = isCut ? `${text}\n… (${whole.length} characters of JSON in all)` : text
  return {
    id: `int_${randomUUID()}`,
    tenant: run.tenant,
    subject: run.subject,
    runId: run.id,
    position,
    kind: 'approval',
    message: toVisible(`Approve ${tool.path}?\n${tool.summary}\n\n${shown}`),
    address: tool.path,
    arguments: whole,
    digest: digestCall(tool.path, args),
    requestedSchema: null,
    url: null,
    request: null,
    status: 'open',
    content: null,
    createdAt: now,
    expiresAt: ttlMs === null ? null : now + ttlMs,
    answeredAt: null,
    answeredBy: null,
    answeredRoles: null,
    answeredVia: null,
  }
}

/** What the script, or the caller, is told when nobody let the call pass. */
export function refusal({ status, address }: InteractionRow) {
  const said = { declined: 'declined', cancelled: 'cancelled', expired: 'not answered in time' }
  const word = status === 'open' || status === 'accepted' ? 'not given' : said[status]
  return {
    code: `approval_${status === 'expired' ? 'expired' : status === 'cancelled' ? 'cancelled' : 'declined'}`,
    message: `Approval for ${address} was ${word}. Nothing was sent.`,
  }
}
