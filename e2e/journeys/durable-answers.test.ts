import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { e2eConfig } from '../harness/config.ts'
import { forms } from '../harness/forms.ts'
import { seatPerson } from '../harness/person.ts'
import { createRandom } from '../harness/random.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, answer, asked, settled, start } from '../harness/steps.ts'

const RUNS_PER_ROUND = 20
/** About as long as it takes to answer for all of them. */
const ANSWERING_MS = 60
const ROUND_MS_MAX = 150_000

describe.each(forms)('answers given while the $name form dies', ({ name, disasters, open }) => {
  const stage = useStage(open)
  const random = createRandom()
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it(
    'are not forgotten: what was accepted is carried out, once',
    async () => {
      const { form, upstream } = stage
      console.log(`answers on the ${name} form: E2E_SEED=${random.seed}`)
      const killing = disasters.filter((one) => one.name.startsWith('kill -9') && !one.isSlow)
      for (let round = 0; round < e2eConfig.rounds; round++) {
        const labels = Array.from({ length: RUNS_PER_ROUND }, (_, index) => `${round}-${index}`)
        const ids = await Promise.all(labels.map((label) => start(form, writing(label))))
        const questions = await Promise.all(ids.map((id) => asked(form, id)))

        // Some are answered, some are not, and some were answered by the moment it died.
        const answering = Promise.allSettled(questions.map((one) => answer(form, one, 'accept')))
        await sleep(random.integer(0, ANSWERING_MS))
        await form.strike(killing[round % killing.length]?.name ?? '')
        await answering
        const person = seatPerson(form)
        const runs = await Promise.all(ids.map((id) => settled(form, id)))
        await person.leave()

        for (const [index, { result }] of runs.entries()) {
          const { value } = result as { value?: unknown }
          expect(['written', 'outcome_unknown']).toContain(value)
          const count = upstream.writes(labels[index] ?? '').length
          expect(count, `writes of ${labels[index]}, ${value}`).toBeLessThanOrEqual(1)
          if (value === 'written') expect(count).toBe(1)
        }
      }
    },
    ROUND_MS_MAX * Math.max(1, e2eConfig.rounds),
  )
})

function writing(label: string): string {
  return `const r = await tools.ledger.org.main.writes.write({ body: { label: '${label}' } })
    return r.ok ? 'written' : r.error.code`
}
