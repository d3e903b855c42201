import { messageOf } from '#lib/request.ts'
import type { PageLoad } from './$types'
import { loadIntegration } from './load.ts'

export const load: PageLoad = async ({ params: { slug } }) => {
  try {
    return { slug, shown: await loadIntegration(slug), failure: null }
  } catch (error) {
    return { slug, shown: null, failure: messageOf(error) }
  }
}
