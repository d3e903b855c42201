import type { Bus } from '@executor/bus'
import {
  connections,
  type IntegrationSettings,
  isServiceError,
  type OperationDetail,
  type ResolvedCredential,
  type ToolError,
  type ToolRef,
} from '@executor/contracts'
import type { Egress } from '@executor/egress'
import type { Asker, Protocol, ProtocolAnswer } from '../protocols/protocol.ts'
import { outcomeUnknown } from '../runs/outcome-unknown.ts'
import { toToolError } from './failure.ts'
import { explainSignIn, noteScopes } from './sign-in-failure.ts'
import { type CallOptions, failureAnswer, type ToolAnswer } from './tool.ts'

export interface SendDeps {
  bus: Bus
  egress: Egress
  /** Where people open the console. */
  webBaseUrl: () => string
}

/** A call that was let through. */
export interface ReadyCall {
  ref: ToolRef
  path: string
  detail: OperationDetail
  settings: IntegrationSettings
  protocol: Protocol
  args: Record<string, unknown>
  takeCredential: () => Promise<ResolvedCredential>
}

/** The credential is for this call, and not kept. `not_found` is thrown: the connection is gone. */
export async function sendCall(
  deps: SendDeps,
  call: ReadyCall,
  options: CallOptions,
  asker?: Asker,
): Promise<ToolAnswer> {
  const place = { ...call, webBaseUrl: deps.webBaseUrl }
  let credential: ResolvedCredential
  try {
    credential = await call.takeCredential()
  } catch (error) {
    if (isServiceError(error) && error.code === 'not_found') throw error
    return failureAnswer(explainSignIn(toToolError(error), place))
  }
  let answer = await invokeWith(deps, call, credential, options, asker)
  // What was refused for its token was not carried out: with another it is sent once more.
  if (answer.httpStatus === 401 && isToken(call.settings, credential)) {
    const other = await renew(deps, call, credential, options)
    if ('failure' in other) return failureAnswer(explainSignIn(other.failure, place))
    if (other.revision !== credential.revision) {
      credential = other
      answer = await invokeWith(deps, call, credential, options, asker)
    }
  }
  if (answer.outcomeUnknown) return failureAnswer(outcomeUnknown(call.path))
  if (answer.ok || (answer.httpStatus !== 401 && answer.httpStatus !== 403)) return answer
  if (!isToken(call.settings, credential)) return answer
  return noteScopes(deps, { ...place, credential, answer }, options)
}

function invokeWith(
  { egress }: SendDeps,
  { ref, detail, settings, protocol, args }: ReadyCall,
  credential: ResolvedCredential,
  { principal: { tenant, subject }, signal }: CallOptions,
  asker: Asker | undefined,
): Promise<ProtocolAnswer> {
  const { owner, connection: name } = ref
  return protocol.invoke({
    operation: detail.operation,
    settings,
    connection: { owner, name },
    credential,
    account: { tenant, subject: owner === 'user' ? subject : '', consent: credential.consent },
    args,
    signal,
    egress,
    ...(asker && { asker }),
  })
}

/** Where there is no other, the same again: then the refusal stands. */
async function renew(
  { bus }: SendDeps,
  { ref: { owner, integration, connection: name } }: ReadyCall,
  credential: ResolvedCredential,
  options: CallOptions,
): Promise<ResolvedCredential | { failure: ToolError }> {
  const input = { owner, integration, name, refused: credential.revision }
  try {
    return await bus.request(connections.resolveCredential, input, options)
  } catch (error) {
    if (!isServiceError(error)) throw error
    // What became of the sign-in says more than that its token was refused.
    return error.reason.startsWith('oauth_') ? { failure: toToolError(error) } : credential
  }
}

/** Something that can be got anew: an access token. */
export function isToken(
  { authMethods }: Pick<IntegrationSettings, 'authMethods'>,
  { template }: Pick<ResolvedCredential, 'template'>,
): boolean {
  return authMethods.find(({ slug }) => slug === template)?.kind === 'oauth2'
}
