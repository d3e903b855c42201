import { z } from 'zod'

const Body = z.record(z.string(), z.unknown())

/**
 * Servers that are used a lot answer errors with 200, leave out `token_type`, or call it "Token". What
 * they mean is put in the standard's words; `id_token` is taken out, for whoever wants its claims.
 */
export async function readTokenAnswer(
  response: Response,
): Promise<{ response: Response; idToken: string | null }> {
  const body = await readObject(response)
  if (!body) return { response, idToken: null }
  const { id_token: idToken, ...rest } = body
  if (response.ok && typeof rest.error === 'string' && rest.access_token === undefined)
    return { response: toJson(rest, 400), idToken: null }
  if (typeof rest.token_type !== 'string' || /^(token|user|bot)$/i.test(rest.token_type))
    rest.token_type = 'bearer'
  for (const name of ['expires_in', 'refresh_token', 'scope'])
    if (rest[name] === null || rest[name] === '') delete rest[name]
  if (Number(rest.expires_in) <= 0) delete rest.expires_in
  if (Array.isArray(rest.scope)) rest.scope = rest.scope.join(' ')
  return {
    response: response.ok ? toJson(rest, response.status) : response,
    idToken: typeof idToken === 'string' ? idToken : null,
  }
}

/** Registrations answered with 200, and secrets whose end nobody names. */
export async function readRegistrationAnswer(response: Response): Promise<Response> {
  const body = await readObject(response)
  if (!body || !response.ok) return response
  if (body.client_secret === null || body.client_secret === '') delete body.client_secret
  if (typeof body.client_secret_expires_at !== 'number') body.client_secret_expires_at = 0
  return toJson(body, 201)
}

async function readObject(response: Response): Promise<Record<string, unknown> | null> {
  try {
    return Body.parse(await response.clone().json())
  } catch {
    // The library says what is wrong with it.
    return null
  }
}

function toJson(body: object, status: number): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  })
}
