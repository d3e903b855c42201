import { Role, ServiceError, Via } from '@executor/contracts'
import { z } from 'zod'
import type { Authenticator } from '../auth/authenticator.ts'
import type { App } from './route.ts'

const Session = z.object({
  signedIn: z.boolean(),
  subject: z.string().nullable(),
  roles: z.array(Role),
  via: Via.nullable(),
})
const tags = ['session']

/** Who the caller is, and a browser's way in and out. */
export function registerSession(app: App, auth: Authenticator): void {
  app.get(
    '/api/session',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Say who is asking', response: { 200: Session } },
    },
    ({ principal }) => ({
      signedIn: principal !== null,
      subject: principal?.subject ?? null,
      roles: principal?.roles ?? [],
      via: principal?.via ?? null,
    }),
  )

  // The key is shown like any other; only a person's opens a session.
  app.post(
    '/api/session',
    {
      config: { access: 'manage' },
      schema: { tags, summary: 'Open a browser session with the key of this request' },
    },
    async (request, reply) => {
      const key = bearerOf(request.headers.authorization)
      const secure = request.headers.origin?.startsWith('https:') ?? false
      const session = key === undefined ? null : await auth.openSession(key, { secure })
      if (!session)
        throw new ServiceError('unauthenticated', 'credentials_wrong', 'Show the key as a bearer.')
      return reply.header('set-cookie', session.setCookie).code(204).send()
    },
  )

  app.delete(
    '/api/session',
    { config: { access: 'public' }, schema: { tags, summary: 'Close the browser session' } },
    (_request, reply) => reply.header('set-cookie', auth.closeSession()).code(204).send(),
  )
}

function bearerOf(authorization: string | undefined): string | undefined {
  const [, key] = /^bearer\s+(\S+)$/i.exec(authorization ?? '') ?? []
  return key
}
