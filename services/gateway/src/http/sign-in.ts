import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '../auth/authenticator.ts'
import { pageHeaders } from '../edge/headers.ts'
import { isPagePath } from './page-path.ts'
import type { App } from './route.ts'

const PARAMETER = '_token'

/**
 * A link with `?_token=` signs a browser in: the key becomes a session cookie, and leaves the
 * address bar, the history and every later `Referer` with the redirect.
 */
export function registerSignIn(app: App, auth: Authenticator): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' || !request.url.includes(`${PARAMETER}=`)) return
    const [path = '/', search = ''] = request.url.split('?', 2)
    const query = new URLSearchParams(search)
    const key = query.get(PARAMETER)
    if (key === null || !isPagePath(path)) return
    query.delete(PARAMETER)
    await signIn(request, reply, auth, { key, next: toLocation(path, query) })
  })
}

async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  auth: Authenticator,
  { key, next }: { key: string; next: string },
): Promise<void> {
  const session = await auth.openSession(key, { secure: isSecure(request) })
  if (!session) {
    await reply.code(401).headers(pageHeaders()).type('text/html; charset=utf-8').send(REFUSED)
    return
  }
  await reply.header('set-cookie', session.setCookie).redirect(next, 303)
}

/** A path of this instance whatever was asked for: `//evil.example` is a host elsewhere. */
function toLocation(path: string, query: URLSearchParams): string {
  const local = `/${path.replace(/^[/\\]+/, '')}`
  return query.size === 0 ? local : `${local}?${query}`
}

/** Only a proxy in front of us speaks TLS, and it says so. */
function isSecure(request: FastifyRequest): boolean {
  return request.headers['x-forwarded-proto'] === 'https'
}

const REFUSED = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Executor: not signed in</title></head>
<body><h1>This link does not sign you in</h1>
<p>Its key is not the owner's key of this instance: it may be an agents' key, or of an earlier start.
Open the signed-in link that the server printed when it started, or run <code>executor web</code>.</p>
</body></html>
`
