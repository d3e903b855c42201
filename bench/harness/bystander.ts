import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '@executor/contracts'
import type { BenchForm } from './form.ts'

const PAUSE_MS = 3
const PATHS = ['/api/health', '/api/integrations']

/** The longest that somebody else waits for an ordinary answer while `task` is under way. */
export async function longestMeanwhile(
  { origin, ownerToken }: BenchForm,
  task: () => Promise<unknown>,
): Promise<number> {
  let isOver = false
  let longestMs = 0
  const lanes = PATHS.map(async (path) => {
    while (!isOver) {
      const startedMs = performance.now()
      await ask(`${origin}${path}`, ownerToken)
      longestMs = Math.max(longestMs, performance.now() - startedMs)
      await sleep(PAUSE_MS)
    }
  })
  try {
    await task()
  } finally {
    isOver = true
    await Promise.all(lanes)
  }
  return longestMs
}

/** Over a connection of its own: nobody waits in a pool behind the import. */
function ask(url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    get(url, { agent: false, headers }, (response) => {
      invariant(response.statusCode === 200, `${url} answers ${response.statusCode}`)
      response.resume().once('end', resolve)
    }).once('error', reject)
  })
}
