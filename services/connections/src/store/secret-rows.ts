import { Owner } from '@executor/contracts'
import type { OpenedDatabase } from '@executor/storage'
import type { PrismaClient, Secret as StoredSecret } from '../../prisma/client/sqlite/client.ts'
import type { SecretRow, SecretRows } from '../providers/encrypted.ts'
import type { Item } from '../providers/provider.ts'
import { batches } from './batches.ts'

export function secretRows({ client }: OpenedDatabase<PrismaClient>): SecretRows {
  const { secret: table } = client
  return {
    async findSecret(item) {
      const where = { tenant_owner_subject_id: toPlace(item) }
      const found = await table.findUnique({ where })
      return found ? fromStoredSecret(found) : null
    },
    async insertSecret(row) {
      await table.create({ data: { ...row, createdAt: BigInt(row.createdAt) } })
    },
    async removeSecrets(items) {
      for (const batch of batches(items)) {
        await table.deleteMany({ where: { OR: batch.map(toPlace) } })
      }
    },
    async findOtherKeyId(keyIds) {
      const where = { keyId: { notIn: [...keyIds] } }
      const found = await table.findFirst({ where, select: { keyId: true } })
      return found?.keyId ?? null
    },
    async listSecrets({ limit, after, exceptKeyId, createdBefore }) {
      const found = await table.findMany({
        where: {
          ...(exceptKeyId === undefined ? {} : { keyId: { not: exceptKeyId } }),
          ...(createdBefore === undefined ? {} : { createdAt: { lt: BigInt(createdBefore) } }),
          ...(after ? { OR: afterPlace(after) } : {}),
        },
        orderBy: [{ tenant: 'asc' }, { owner: 'asc' }, { subject: 'asc' }, { id: 'asc' }],
        take: limit,
      })
      return found.map(fromStoredSecret)
    },
    async resealSecret({ keyId, sealed, ...row }, from) {
      const where = { ...toPlace(row), keyId: from }
      const { count } = await table.updateMany({ where, data: { keyId, sealed } })
      return count > 0
    },
  }
}

function toPlace({ tenant, owner, subject, id }: Item) {
  return { tenant, owner, subject, id }
}

function afterPlace({ tenant, owner, subject, id }: Item) {
  return [
    { tenant: { gt: tenant } },
    { tenant, owner: { gt: owner } },
    { tenant, owner, subject: { gt: subject } },
    { tenant, owner, subject, id: { gt: id } },
  ]
}

function fromStoredSecret(stored: StoredSecret): SecretRow {
  return { ...stored, owner: Owner.parse(stored.owner), createdAt: Number(stored.createdAt) }
}
