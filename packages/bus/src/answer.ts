import { isServiceError, type Principal, type ServiceError } from '@executor/contracts'
import { assertAccess } from './access.ts'
import type { CallContext } from './bus.ts'
import type { Cancellation } from './cancellation.ts'
import { type Answer, decodeBody, decodePrincipal, encodeError, encodeOutput } from './envelope.ts'
import { busFailure } from './failures.ts'
import type { OnError } from './faults.ts'
import type { Carrier, Telemetry } from './telemetry.ts'
import type { Endpoint } from './transport.ts'

/** A request as it arrived. Nothing in it is trusted but `caller`, which the transport vouches for. */
export interface Incoming {
  caller: string
  principal: unknown
  carrier: Carrier | undefined
  cancellation: Cancellation
  /** A long body is fetched only for those who may send it. */
  body: () => Body | Promise<Body>
}

/** JSON text, and the bytes that came beside it. */
export interface Body {
  text: string
  attachment: Uint8Array | undefined
}

/** The server's half of a request: checks, handles, encodes. Never rejects. */
export async function answer(
  { method, handler }: Endpoint,
  incoming: Incoming,
  { telemetry, report }: { telemetry: Telemetry; report: OnError },
): Promise<Answer> {
  const { subject } = method
  const { caller, body, carrier, cancellation } = incoming
  const startedMs = performance.now()
  const span = telemetry.startServer(subject, carrier)
  try {
    const principal = decodePrincipal(subject, incoming.principal)
    assertAccess(method, principal, caller)
    const given = body()
    const { text, attachment } = given instanceof Promise ? await given : given
    const input = decodeBody(subject, method.input, text)
    const context = toContext(principal, cancellation, attachment)
    const output = encodeOutput(method, await span.run(() => handler(input, context)))
    span.end()
    telemetry.recordAnswer(subject, startedMs, 'ok')
    return { body: output }
  } catch (error) {
    // What a handler throws once nobody waits any more is the cancellation's echo.
    if (!isServiceError(error) && !cancellation.isAborted)
      report(error, { during: 'request', subject })
    const failure = toFailure(subject, error)
    span.end(error)
    telemetry.recordAnswer(subject, startedMs, failure.code)
    return { error: encodeError(failure) }
  }
}

function toFailure(subject: string, error: unknown): ServiceError {
  return isServiceError(error) ? error : busFailure.internal(subject)
}

function toContext(
  principal: Principal,
  cancellation: Cancellation,
  attachment: Uint8Array | undefined,
): CallContext {
  return {
    principal,
    ...(attachment === undefined ? {} : { attachment }),
    deadline: cancellation.deadline,
    get signal() {
      return cancellation.signal
    },
  }
}
