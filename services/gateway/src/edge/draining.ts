import type { App } from '../http/route.ts'

/** Milliseconds that requests have to end once the server stops; less than a process is given. */
const DRAIN_MS_MAX = 20_000

/**
 * Stopping waits for the requests that are being answered, and for nothing else: a connection that
 * a browser opened ahead of need would otherwise keep the server until it times out.
 */
export function registerDraining(app: App): void {
  let inFlight = 0
  let isDraining = false
  const endConnections = () => app.server.closeAllConnections()

  app.server.on('request', (_request, response) => {
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
      if (isDraining && inFlight === 0) endConnections()
    })
  })
  app.addHook('preClose', (done) => {
    isDraining = true
    setTimeout(endConnections, DRAIN_MS_MAX).unref()
    done()
    if (inFlight === 0) endConnections()
  })
}
