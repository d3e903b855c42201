import { api } from '#lib/api.ts'
import { messageOf } from '#lib/request.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    const [health, integrations, waiting] = await Promise.all([
      api.health(),
      api.integrations(),
      api.waiting(),
    ])
    const isMore = waiting.nextCursor !== null
    return { health, integrations, waiting: waiting.items, isMore, failure: null }
  } catch (error) {
    const nothing = { health: null, integrations: [], waiting: [], isMore: false }
    return { ...nothing, failure: messageOf(error) }
  }
}
