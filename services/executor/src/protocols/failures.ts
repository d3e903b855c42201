import { ServiceError } from '@executor/contracts'

/** The arguments cannot be sent as they are; the agent can mend them. */
export function invalidArgument(argument: string, message: string): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'invalid_tool_arguments',
    `"${argument}" ${message}.`,
    { details: { problems: [{ path: argument, message }] } },
  )
}

/** The description does not say enough to send the operation; a person can mend that. */
export function bindingError(message: string): ServiceError {
  return new ServiceError('failed_precondition', 'binding_error', message)
}
