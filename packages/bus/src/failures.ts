import { ServiceError } from '@executor/contracts'

/** Every failure that the bus itself raises; handlers raise their own. */
export const BUS_REASONS = [
  'agent_not_allowed',
  'bus_closed',
  'cancelled',
  'connection_lost',
  'deadline_exceeded',
  'internal_error',
  'internal_method',
  'invalid_input',
  'invalid_output',
  'job_dropped',
  'malformed_message',
  'no_responders',
  'not_permitted',
  'payload_too_large',
  'queue_full',
  'reply_too_large',
  'server_unfit',
  'too_many_requests',
] as const
type BusReason = (typeof BUS_REASONS)[number]

function failure(
  code: ServiceError['code'],
  reason: BusReason,
  message: string,
  options?: { details?: Record<string, unknown>; cause?: unknown },
): ServiceError {
  return new ServiceError(code, reason, message, options)
}

export const busFailure = {
  agentNotAllowed: (subject: string) =>
    failure(
      'permission_denied',
      'agent_not_allowed',
      `An agent may not use ${subject}. Ask a person to do it.`,
    ),
  internalMethod: (subject: string) =>
    failure('permission_denied', 'internal_method', `${subject} answers other services alone.`),
  notPermitted: (subject: string, cause?: unknown) =>
    failure('permission_denied', 'not_permitted', `This process may not use ${subject}.`, {
      cause,
    }),
  noResponders: (subject: string) =>
    failure('unavailable', 'no_responders', `Nobody answers ${subject} right now. Try again soon.`),
  connectionLost: (subject: string, cause?: unknown) =>
    failure(
      'unavailable',
      'connection_lost',
      `The answer of ${subject} was lost. It may or may not have been carried out.`,
      { cause },
    ),
  closed: () => failure('unavailable', 'bus_closed', 'This process is shutting down.'),
  tooManyRequests: () =>
    failure(
      'resource_exhausted',
      'too_many_requests',
      'Too many requests at once. Try again soon.',
    ),
  queueFull: (subject: string, cause?: unknown) =>
    failure('resource_exhausted', 'queue_full', `Too much work waits on ${subject}.`, { cause }),
  cancelled: (subject: string) => failure('cancelled', 'cancelled', `${subject} was cancelled.`),
  deadlineExceeded: (subject: string) =>
    failure('deadline_exceeded', 'deadline_exceeded', `${subject} did not answer in time.`),
  payloadTooLarge: (subject: string, bytesMax: number) =>
    failure(
      'invalid_argument',
      'payload_too_large',
      `A message to ${subject} may have at most ${bytesMax} bytes.`,
    ),
  replyTooLarge: (subject: string, bytesMax: number) =>
    failure(
      'resource_exhausted',
      'reply_too_large',
      `The answer of ${subject} has more than ${bytesMax} bytes. Ask for less.`,
    ),
  malformed: (subject: string, cause?: unknown) =>
    failure('invalid_argument', 'malformed_message', `A message to ${subject} is malformed.`, {
      cause,
    }),
  serverUnfit: (problem: string) =>
    failure('failed_precondition', 'server_unfit', `This NATS server does not fit: ${problem}.`),
  invalidInput: (subject: string, problem: string, issues: unknown[]) =>
    failure('invalid_argument', 'invalid_input', `Invalid input for ${subject}: ${problem}`, {
      details: { issues },
    }),
  invalidOutput: (subject: string, cause: unknown) =>
    failure('internal', 'invalid_output', `${subject} gave an answer that breaks its contract.`, {
      cause,
    }),
  internal: (subject: string) =>
    failure(
      'internal',
      'internal_error',
      `${subject} failed. The details are in the server's log.`,
    ),
  jobDropped: (subject: string, attempts: number, cause?: unknown) =>
    failure(
      'internal',
      'job_dropped',
      `A job of ${subject} was dropped after ${attempts} attempts.`,
      {
        cause,
      },
    ),
}
