/** Measures the time a run is the script's own doing. */
export class WallClock {
  #elapsedMs = 0
  #sinceMs: number | null = null

  run(nowMs: number): void {
    this.#sinceMs ??= nowMs
  }

  pause(nowMs: number): void {
    this.#elapsedMs = this.elapsedMs(nowMs)
    this.#sinceMs = null
  }

  elapsedMs(nowMs: number): number {
    return this.#elapsedMs + (this.#sinceMs === null ? 0 : nowMs - this.#sinceMs)
  }
}
