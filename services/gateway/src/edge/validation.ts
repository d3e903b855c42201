import { invariant, ServiceError } from '@executor/contracts'
import type { z } from 'zod'
import type { App } from '../http/route.ts'

const ISSUES_MAX = 10

/** Zod schemas of routes validate what comes in; what goes out is only written down by them. */
export function registerValidation(app: App): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const where = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request')
    return (data: unknown) => {
      const parsed = schema.safeParse(data ?? undefined)
      if (parsed.success) return { value: parsed.data }
      return { error: toRequestError(parsed.error, where) }
    }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** Fastify would load its own compilers, which are large, before it is told that there are others. */
export const NO_COMPILERS = {
  compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler },
}

function noCompiler(): never {
  invariant(false, 'zod compiles every schema')
}

function toRequestError(error: z.ZodError, where: string): ServiceError {
  const issues = error.issues.slice(0, ISSUES_MAX).map((issue) => ({
    path: [where, ...issue.path].map(String).join('.'),
    message: issue.message,
  }))
  const message = issues.map((issue) => `${issue.path}: ${issue.message}`).join('. ')
  return new ServiceError('invalid_argument', 'request_invalid', message, { details: { issues } })
}
