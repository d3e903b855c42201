import { invariant } from '@executor/contracts'
import { afterAll, beforeAll } from 'vitest'
import type { Form } from './form.ts'
import { startUpstream, type Upstream } from './upstream.ts'

export interface Stage {
  readonly form: Form
  readonly upstream: Upstream
}

/** A running form and an upstream for the tests of one `describe`, gone when they are done. */
export function useStage(open: () => Promise<Form>): Stage {
  const stage: { form?: Form; upstream?: Upstream } = {}
  beforeAll(async () => {
    stage.upstream = await startUpstream()
    stage.form = await open()
  })
  afterAll(async () => {
    await stage.form?.close()
    await stage.upstream?.close()
  })
  return {
    get form() {
      return present(stage.form, 'form')
    },
    get upstream() {
      return present(stage.upstream, 'upstream')
    },
  }
}

function present<T>(value: T | undefined, what: string): T {
  invariant(value !== undefined, `the ${what} is there inside tests and hooks`)
  return value
}
