import { ApiFailure, api } from '#lib/api.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params }) => {
  try {
    return { run: await api.run(params.id), failure: null }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    return { run: null, failure: error.message }
  }
}
