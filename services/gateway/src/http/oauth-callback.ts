import { connections, isServiceError, OauthOutcome, servicePrincipal } from '@executor/contracts'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { RETURN_HEADERS, returnPage } from './oauth-return-page.ts'
import { CALLBACK_PATH } from './own-origin.ts'
import type { App, RouteDeps } from './route.ts'

const tags = ['oauth']
const Text = z.string().max(4096).optional()
/** Longer than codes are; nobody has to guess how much of a page's address is kept. */
const Query = z.object({
  state: Text,
  code: Text,
  error: Text,
  error_description: Text,
  iss: Text,
  domain: Text,
  site: Text,
})
/** Whoever comes back has shown no key: whose sign-in it is, the state alone tells. */
const NOBODY = servicePrincipal('nobody')
const WITHOUT_STATE: OauthOutcome = {
  status: 'failed',
  reason: 'oauth_session_unknown',
  message: 'This page ends a sign-in, and it was opened without one. Begin again in the console.',
}

/** Where authorization servers send people back to. */
export function registerOauthCallback(app: App, { bus }: RouteDeps): void {
  app.get(
    CALLBACK_PATH,
    {
      config: { access: 'public' },
      schema: { tags, summary: 'End a sign-in; for browsers', querystring: Query },
    },
    async (request, reply) => {
      const { state, code, error, iss, domain, site } = request.query
      if (!state) return sendPage(reply, WITHOUT_STATE)
      const { principal } = request
      const visitor = principal && { tenant: principal.tenant, subject: principal.subject }
      const callbackDomain = (domain ?? site)?.slice(0, 256)
      const input = {
        state,
        visitor,
        ...(code && { code }),
        // What the server says beside is for developers, and anybody can write it into a link.
        ...(error && { error: error.slice(0, 1024) }),
        ...(iss && { iss: iss.slice(0, 2048) }),
        ...(callbackDomain && { callbackDomain }),
      }
      try {
        // It goes on when the window is closed: a code is good for one exchange.
        const options = { principal: NOBODY }
        const { outcome } = await bus.request(connections.returnOauth, input, options)
        return sendPage(reply, outcome)
      } catch (thrown) {
        if (!isServiceError(thrown) || thrown.code === 'internal') throw thrown
        const { reason, message } = thrown
        return sendPage(reply, { status: 'failed', reason, message })
      }
    },
  )
}

function sendPage(reply: FastifyReply, outcome: OauthOutcome): FastifyReply {
  return reply
    .code(outcome.status === 'connected' ? 200 : 400)
    .headers(RETURN_HEADERS)
    .type('text/html; charset=utf-8')
    .send(returnPage(OauthOutcome.parse(outcome)))
}
