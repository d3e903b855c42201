import { invariant } from '@executor/contracts'

/** Pages and redirects that one sign-in may take. */
const STEPS_MAX = 12

/** Follows an authorization URL as a person's browser does, up to where the server sends them back to. */
export async function signInByHand(
  authorizationUrl: string,
  callback: string,
  login = 'ada',
): Promise<string> {
  const cookies = new Map<string, string>()
  const send = async (url: string, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  let url = authorizationUrl
  let response = await send(url)
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const location = response.headers.get('location')
    if (location) {
      url = new URL(location, url).href
      if (url.startsWith(callback)) return url
      response = await send(url)
    } else {
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(await response.text()) ?? []
      invariant(prompt, `there is a form at ${url}: ${response.status}`)
      response = await send(url, { prompt, login, password: 'any' })
    }
  }
  invariant(false, 'signing in comes to an end')
}
