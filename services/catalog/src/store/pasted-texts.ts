import { isUniqueViolation, type OpenedDatabase } from '@executor/storage'
import type { PrismaClient } from '../../prisma/client/sqlite/client.ts'
import type { PastedText } from '../sources/source.ts'

export interface PastedTexts {
  /** Stored once, whole or not at all. */
  savePastedText(tenant: string, text: PastedText): Promise<void>
  findPastedText(tenant: string, hash: string): Promise<Uint8Array | null>
  /** Deletes a text that no integration was imported from any more. */
  dropUnusedPastedText(tenant: string, hash: string): Promise<void>
}

/** Bytes of one piece: other requests are answered between two. */
const PIECE_BYTES = 1024 * 1024

export function pastedTexts({ client }: OpenedDatabase<PrismaClient>): PastedTexts {
  return {
    async savePastedText(tenant, { hash, bytes }) {
      if ((await client.pastedText.count({ where: { tenant, hash } })) > 0) return
      const count = Math.ceil(bytes.length / PIECE_BYTES)
      const pieces = Array.from({ length: count }, (_, piece) =>
        bytes.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES),
      )
      try {
        await client.$transaction(
          pieces.map((of, piece) =>
            client.pastedText.create({ data: { tenant, hash, piece, bytes: new Uint8Array(of) } }),
          ),
        )
      } catch (error) {
        // Another request has stored all of it in between.
        if (!isUniqueViolation(error)) throw error
      }
    },
    async findPastedText(tenant, hash) {
      const pieces = await client.pastedText.findMany({
        where: { tenant, hash },
        select: { bytes: true },
        orderBy: { piece: 'asc' },
      })
      return pieces.length === 0
        ? null
        : new Uint8Array(Buffer.concat(pieces.map((row) => row.bytes)))
    },
    async dropUnusedPastedText(tenant, hash) {
      if ((await client.integration.count({ where: { tenant, pastedText: hash } })) > 0) return
      await client.pastedText.deleteMany({ where: { tenant, hash } })
    },
  }
}
