import { z } from 'zod'

/** A JSON Schema, dialect 2020-12; `true` and `false` are schemas too. */
export type JsonSchema = boolean | { [keyword: string]: unknown }
export const JsonSchema: z.ZodType<JsonSchema> = z.union([
  z.boolean(),
  z.record(z.string(), z.unknown()),
])

export type JsonObject = Record<string, unknown>
export const JsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.unknown())

/** Milliseconds since 1970. */
export const Timestamp = z.number().int().nonnegative()

/** Every list takes a page size and where to go on; without `limit` the whole list is answered. */
export const PageInput = {
  limit: z.number().int().min(1).max(1000).optional(),
  cursor: z.string().max(512).optional(),
}
