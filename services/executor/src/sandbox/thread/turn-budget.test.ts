import { describe, expect, it } from 'vitest'
import { CONTROL, CONTROL_WORDS } from '../protocol.ts'
import { TurnBudget } from './turn-budget.ts'

const aBudget = (more: { cpuMs?: number; isShared?: boolean } = {}) => {
  const control = new Int32Array(CONTROL_WORDS)
  const budget = new TurnBudget({ control, run: 7, cpuMs: 60_000, isShared: false, ...more })
  return { control, budget }
}
/** As QuickJS would: asks until the answer is yes. */
const spin = (budget: TurnBudget) => {
  while (!budget.shouldStop());
  return budget.reason
}

describe('TurnBudget', () => {
  it('stops a run that has used its processor time', () => {
    const { budget } = aBudget({ cpuMs: 5 })
    budget.beginTurn()

    expect(spin(budget)).toBe('cpu')
  })

  it('makes a run give way that holds a shared thread', () => {
    const { budget } = aBudget({ isShared: true })
    budget.beginTurn()

    expect(spin(budget)).toBe('yield')
  })

  it('stops the run that its pool names, and no other', () => {
    const { control, budget } = aBudget()
    budget.beginTurn()
    control[CONTROL.stop] = 6
    expect(budget.shouldStop()).toBe(false)

    control[CONTROL.stop] = 7

    expect(spin(budget)).toBe('dropped')
  })

  it('shows who has the thread, and that it can be stopped', () => {
    const { control, budget } = aBudget()

    budget.beginTurn()
    const during = [control[CONTROL.current], control[CONTROL.beat]]
    budget.shouldStop()
    budget.endTurn()

    expect(during).toEqual([7, 1])
    expect([control[CONTROL.current], control[CONTROL.beat]]).toEqual([0, 2])
  })
})
