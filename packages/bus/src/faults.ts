/** Where the bus met an error that nobody else gets to see. */
export interface Fault {
  during: 'request' | 'event' | 'job' | 'transport'
  subject: string
}

/** Told of bugs and outages, for the log. It must not throw; when it does, that is lost. */
export type OnError = (error: unknown, fault: Fault) => void

/** Without a hook, errors go where Node's own warnings go. */
export function createReporter(onError: OnError = warn): OnError {
  return (error, fault) => {
    try {
      onError(error, fault)
    } catch {
      // The hook was the last one to tell.
    }
  }
}

function warn(error: unknown, { during, subject }: Fault): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.emitWarning(what, { type: 'BusFault', detail: `${during} ${subject}` })
}
