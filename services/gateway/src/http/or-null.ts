import { isServiceError } from '@executor/contracts'

/** `null` for what does not exist, which some routes answer with. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (isServiceError(error) && error.code === 'not_found') return null
    throw error
  }
}
