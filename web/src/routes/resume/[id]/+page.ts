import { api } from '#lib/api.ts'
import { messageOf } from '#lib/request.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params }) => {
  try {
    return { run: await api.run(params.id), failure: null }
  } catch (error) {
    return { run: null, failure: messageOf(error) }
  }
}
