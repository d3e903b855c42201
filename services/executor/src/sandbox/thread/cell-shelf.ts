import { GROWTH_BYTES_MAX, RUNS_PER_THREAD } from '../limits.ts'
import { CELL_HEAP_BYTES, type Cell } from './cell.ts'

/** Cells at rest, kept for the next run of this thread. */
const SPARES_MAX = RUNS_PER_THREAD

export class CellShelf {
  readonly #open: () => Promise<Cell>
  readonly #spares: Cell[] = []
  #taken = new Set<Cell>()

  constructor(open: () => Promise<Cell>) {
    this.#open = open
  }

  /** What a cell may occupy beside its neighbours; what every cell starts with is always its own. */
  bytesLeftFor(cell: Cell): number {
    let grown = 0
    for (const other of this.#taken) if (other !== cell) grown += other.grownBytes
    return Math.max(GROWTH_BYTES_MAX - grown, CELL_HEAP_BYTES)
  }

  async take(): Promise<Cell> {
    const cell = this.#spares.pop() ?? (await this.#open())
    this.#taken.add(cell)
    return cell
  }

  giveBack(cell: Cell, isBroken: boolean): void {
    this.#taken.delete(cell)
    if (!isBroken && cell.restore() && this.#spares.length < SPARES_MAX) this.#spares.push(cell)
  }

  /** Opens the first cell, which takes longest, before a run asks for it. */
  async prepare(): Promise<void> {
    if (this.#spares.length === 0) this.#spares.push(await this.#open())
  }
}
