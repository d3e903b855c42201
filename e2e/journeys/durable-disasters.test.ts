import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { e2eConfig } from '../harness/config.ts'
import { durableScript, expectWrittenOnce, returned } from '../harness/durable-script.ts'
import { forms } from '../harness/forms.ts'
import { seatPerson } from '../harness/person.ts'
import { createRandom } from '../harness/random.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, settled, start } from '../harness/steps.ts'

/** Runs that one disaster meets, each at another moment of its life. */
const RUNS_PER_ROUND = 8
/** Long enough for a moment to fall into the middle of a call. */
const UPSTREAM_DELAY_MS = 60
/** About what an undisturbed run takes. */
const LIFE_MS = 900
const ROUND_MS_MAX = 150_000

describe.each(forms)('durable runs on the $name form', ({ name, disasters, open }) => {
  const stage = useStage(open)
  const random = createRandom()
  let count = 0

  beforeAll(async () => {
    console.log(`durable runs on the ${name} form: E2E_SEED=${random.seed}`)
    stage.upstream.delay(UPSTREAM_DELAY_MS)
    await addLedger(stage.form, stage.upstream, 'ledger')
    await addRule(stage.form, 'ledger.org.main.writes.write', 'approve')
  })

  it('write once each and return, undisturbed', async () => {
    const { form, upstream } = stage
    const person = seatPerson(form)

    const run = await settled(form, await start(form, durableScript('ledger', 'calm')))

    await person.leave()
    expect(returned(run)).toMatchObject({ first: 'done', approved: 'done', last: 'done' })
    expect(expectWrittenOnce(run, upstream, 'calm')).toBe(0)
  })

  it.each(disasters)(
    'survive $name',
    async (disaster) => {
      const rounds = disaster.isSlow ? Math.ceil(e2eConfig.rounds / 5) : e2eConfig.rounds

      let unknown = 0
      for (let round = 0; round < rounds; round++) unknown += await meet(disaster.name)

      const writes = rounds * RUNS_PER_ROUND * 3
      console.log(`${disaster.name}: ${writes} writes, ${unknown} of them told outcome_unknown`)
      if (disaster.isGentle) expect(unknown).toBe(0)
    },
    ROUND_MS_MAX * Math.max(1, e2eConfig.rounds),
  )

  /** Runs of different ages meet a disaster; each completes as if nothing had been. */
  async function meet(disaster: string): Promise<number> {
    const { form, upstream } = stage
    const person = seatPerson(form)
    const runs: { id: string; label: string }[] = []
    for (let index = 0; index < RUNS_PER_ROUND; index++) {
      const label = `run${count++}`
      runs.push({ id: await start(form, durableScript('ledger', label)), label })
      await sleep(random.integer(0, (2 * LIFE_MS) / RUNS_PER_ROUND))
    }
    await sleep(random.integer(0, LIFE_MS / 2))
    await form.strike(disaster)
    const done = await Promise.all(runs.map(({ id }) => settled(form, id)))
    await person.leave()
    return runs.reduce((sum, { label }, index) => {
      const run = done[index]
      return run ? sum + expectWrittenOnce(run, upstream, label) : sum
    }, 0)
  }
})
