import type { InteractionStatus, Via } from '@executor/contracts'
import { type Database, defined, wake } from './database.ts'
import { type LongTexts, listWhole } from './long-texts.ts'
import type { InteractionRow } from './rows.ts'
import { fromInteraction } from './translate.ts'

export interface InteractionFilter {
  status?: InteractionStatus | undefined
  runId?: string | undefined
  subject?: string | undefined
  before?: { createdAt: number; id: string } | undefined
  limit: number
}

export interface AnswerRow {
  status: 'accepted' | 'declined' | 'cancelled' | 'expired'
  content: string | null
  answeredAt: number
  answeredBy: string | null
  answeredRoles: string | null
  answeredVia: Via | null
}

/** What people were asked, and what they let pass. */
export function interactions({ client }: Database, texts: LongTexts) {
  const whole = (row: InteractionRow) => texts.fromStored(row.runId, row)

  return {
    async findInteraction(tenant: string, id: string) {
      const row = await client.interaction.findFirst({ where: { tenant, id } })
      return row && whole(fromInteraction(row))
    },
    async listInteractions(tenant: string, { before, limit, ...filter }: InteractionFilter) {
      const rows = await client.interaction.findMany({
        where: {
          tenant,
          ...defined(filter),
          ...(before && {
            OR: [
              { createdAt: { lt: BigInt(before.createdAt) } },
              { createdAt: BigInt(before.createdAt), id: { lt: before.id } },
            ],
          }),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return listWhole(rows.map(fromInteraction), whole)
    },
    async answerInteraction(id: string, answer: AnswerRow, grant?: number) {
      const data = { ...answer, answeredAt: BigInt(answer.answeredAt) }
      // Time is over when it says so, not when somebody comes by to write it down.
      const inTime =
        answer.answeredBy === null
          ? {}
          : { OR: [{ expiresAt: null }, { expiresAt: { gt: data.answeredAt } }] }
      return client.$transaction(async (transaction) => {
        const { count } = await transaction.interaction.updateMany({
          where: { id, status: 'open', ...inTime },
          data,
        })
        if (count === 0) return null
        const { tenant, runId, address } = await transaction.interaction.findUniqueOrThrow({
          where: { id },
        })
        if (grant !== undefined) {
          const waiting = await transaction.interaction.findMany({
            where: { runId, address, kind: 'approval', status: 'open', ...inTime },
            orderBy: { position: 'asc' },
            take: grant,
            select: { id: true },
          })
          const ids = waiting.map((row) => row.id)
          await transaction.interaction.updateMany({ where: { id: { in: ids } }, data })
          const given = { remaining: grant - ids.length, roles: answer.answeredRoles }
          await transaction.grant.upsert({
            where: { runId_address: { runId, address } },
            create: { tenant, runId, address, ...given },
            update: given,
          })
        }
        const woken = await transaction.run.updateMany(wake(runId))
        return { isWoken: woken.count > 0 }
      })
    },
    async listExpired(now: number) {
      const rows = await client.interaction.findMany({
        where: { status: 'open', expiresAt: { lt: BigInt(now) } },
        take: 500,
      })
      return listWhole(rows.map(fromInteraction), whole)
    },
    async closeInteractions(runId: string, at: number, result: string) {
      const settled = { status: 'settled', ok: false, result, settledAt: BigInt(at) }
      await client.$transaction([
        client.interaction.updateMany({
          where: { runId, status: 'open' },
          data: { status: 'cancelled', answeredAt: BigInt(at) },
        }),
        client.step.updateMany({ where: { runId, status: 'waiting' }, data: settled }),
      ])
    },
    async takeGrant(runId: string, address: string) {
      const [taken] = await client.grant.updateManyAndReturn({
        where: { runId, address, remaining: { gt: 0 } },
        data: { remaining: { decrement: 1 } },
        select: { roles: true },
      })
      return taken ?? null
    },
  }
}
