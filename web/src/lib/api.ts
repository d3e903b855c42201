import type { Integration, Interaction, RunDetail } from '@executor/contracts'

/** What the API said when it did not do what was asked. */
export class ApiFailure extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/api${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new ApiFailure(response.status, messageOf(response.status, text))
  return JSON.parse(text) as T
}

function messageOf(status: number, text: string): string {
  if (status === 401) return 'You are not signed in. Open the link that the start printed.'
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    if (typeof message === 'string') return message
  } catch {
    // Not ours: a proxy's page, say.
  }
  return `The instance answered ${status}.`
}

export interface Health {
  status: string
  version?: string
}
export type { Interaction }
/** An answer, for exactly what was shown. */
export interface Answering {
  action: 'accept' | 'decline'
  digest: string
  content?: Record<string, unknown>
  grant?: number
}

/** The one client of the API; components never fetch by themselves. */
export const api = {
  health: () => request<Health>('GET', '/health'),
  integrations: () => request<Integration[]>('GET', '/integrations'),
  waiting: () => request<Interaction[]>('GET', '/interactions?status=open'),
  run: (id: string) => request<RunDetail>('GET', `/executions/${encodeURIComponent(id)}`),
  answer: (id: string, answer: Answering) =>
    request<Interaction>('POST', `/interactions/${encodeURIComponent(id)}/answer`, answer),
}
