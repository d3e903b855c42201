import type { ThreadData, ToThread, Turn } from '../protocol.ts'
import type { Cell } from './cell.ts'
import type { CellShelf } from './cell-shelf.ts'
import { ScriptRun } from './script-run.ts'
import { TurnBudget } from './turn-budget.ts'

interface Serving {
  data: ThreadData
  shelf: CellShelf
  send(turns: Turn[]): void
}

interface Tenant {
  run: ScriptRun
  cell: Cell
}

/** Answers a pool: takes its messages in order, and tells what each run did. */
export function serveRuns({ data, shelf, send }: Serving): (messages: ToThread[]) => void {
  const control = new Int32Array(data.control)
  const tenants = new Map<number, Tenant>()
  let work: Promise<void> = Promise.resolve()

  const evict = (run: number): void => {
    const tenant = tenants.get(run)
    if (tenant === undefined) return
    tenants.delete(run)
    shelf.giveBack(tenant.cell, tenant.run.isBroken)
  }

  const tell = (run: number): void => {
    const tenant = tenants.get(run)
    if (tenant === undefined) return
    send([tenant.run.takeTurn()])
    // Making the cell as new keeps nobody waiting but the next run.
    if (tenant.run.hasEnded) evict(run)
  }

  const start = async (message: Extract<ToThread, { type: 'start' }>): Promise<void> => {
    const cell = await shelf.take()
    const { cpuMs } = message.limits
    const isShared = !data.isQuarantine
    const budget = new TurnBudget({ control, run: message.run, cpuMs, isShared })
    const run = new ScriptRun(message, cell, budget, () => shelf.bytesLeftFor(cell))
    tenants.set(message.run, { run, cell })
    run.begin()
  }

  const handle = async (message: ToThread): Promise<void> => {
    if (message.type === 'start') return start(message)
    if (message.type === 'drop') return evict(message.run)
    const run = tenants.get(message.run)?.run
    if (message.type === 'deliver') run?.deliver(message.answer)
    else run?.tick(message.at)
  }

  const handleAll = async (messages: ToThread[]): Promise<void> => {
    for (const [index, message] of messages.entries()) {
      await handle(message)
      // Deliveries to one run, one behind the other, are told as one turn.
      if (messages[index + 1]?.run !== message.run) tell(message.run)
    }
  }

  return (messages) => {
    work = work.then(() => handleAll(messages))
  }
}
