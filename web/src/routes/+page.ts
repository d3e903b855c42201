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
    return { health, integrations, waiting, failure: null }
  } catch (error) {
    return { health: null, integrations: [], waiting: [], failure: messageOf(error) }
  }
}
