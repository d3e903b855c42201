let clock = 0

/** Sets what every clock of this thread says. */
export function setClock(at: number): void {
  clock = at
}

/**
 * QuickJS reads time and time zone from the `Date` of the thread it runs on. Here that is the run's
 * own clock, in UTC, so that a run on another machine at another time computes the same.
 */
export function installVirtualTime(): void {
  Date.now = () => clock
  const local = ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds']
  for (const field of local) {
    Reflect.set(Date.prototype, `get${field}`, Reflect.get(Date.prototype, `getUTC${field}`))
  }
  Date.prototype.getTimezoneOffset = () => 0
}
