import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'

/** As much of a Prisma client as this package asks for, without a generated schema. */
export class RawClient {
  private readonly adapter: Promise<SqlDriverAdapter>

  constructor({ adapter }: { adapter: SqlDriverAdapterFactory }) {
    this.adapter = adapter.connect()
  }

  async $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number> {
    return (await this.adapter).executeRaw(toQuery(sql, values))
  }

  async $queryRawUnsafe(sql: string, ...values: unknown[]): Promise<unknown[][]> {
    return (await (await this.adapter).queryRaw(toQuery(sql, values))).rows
  }

  async begin() {
    return (await this.adapter).startTransaction()
  }

  $extends(): this {
    return this
  }

  async $disconnect(): Promise<void> {
    await (await this.adapter).dispose()
  }
}

function toQuery(sql: string, args: unknown[]) {
  const argTypes = args.map(() => ({ scalarType: 'unknown' as const, arity: 'scalar' as const }))
  return { sql, args, argTypes }
}

export const clients = { sqlite: RawClient, postgresql: RawClient }
