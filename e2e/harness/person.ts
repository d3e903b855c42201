import { setTimeout as sleep } from 'node:timers/promises'
import type { Form } from './form.ts'
import { answer, openInteractions } from './steps.ts'

const LOOK_MS = 50

export interface Person {
  leave(): Promise<void>
}

/** Somebody who approves whatever is asked, and asks again where nobody answers. */
export function seatPerson(form: Form): Person {
  let isThere = true
  const sitting = (async () => {
    while (isThere) {
      try {
        for (const interaction of await openInteractions(form))
          await answer(form, interaction, 'accept')
      } catch {
        // The instance is down: people come back later.
      }
      await sleep(LOOK_MS)
    }
  })()
  return {
    async leave() {
      isThere = false
      await sitting
    },
  }
}
