import { api } from '#lib/api.ts'
import { messageOf } from '#lib/request.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    const [presets, integrations] = await Promise.all([api.presets(), api.integrations()])
    return { presets, taken: integrations.map(({ slug }) => slug), failure: null }
  } catch (error) {
    return { presets: [], taken: [], failure: messageOf(error) }
  }
}
