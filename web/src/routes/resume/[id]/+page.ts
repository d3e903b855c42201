import { api } from '#lib/api.ts'
import { messageOf } from '#lib/request.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params: { id } }) => {
  try {
    return { id, run: await api.run(id), failure: null }
  } catch (error) {
    return { id, run: null, failure: messageOf(error) }
  }
}
