import type { Database } from './database.ts'

/** What is kept no longer. */
export function retention({ client }: Database) {
  return {
    async removeSettledBefore(time: number, limit: number) {
      const rows = await client.run.findMany({
        where: { settledAt: { lt: BigInt(time) } },
        select: { id: true },
        orderBy: { settledAt: 'asc' },
        take: limit,
      })
      const ids = rows.map((row) => row.id)
      if (ids.length === 0) return 0
      const ofRuns = { where: { runId: { in: ids } } }
      await client.$transaction([
        client.step.deleteMany(ofRuns),
        client.interaction.deleteMany(ofRuns),
        client.grant.deleteMany(ofRuns),
        client.run.deleteMany({ where: { id: { in: ids } } }),
      ])
      return ids.length
    },
  }
}
