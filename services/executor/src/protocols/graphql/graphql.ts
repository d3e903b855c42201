import {
  isServiceError,
  type JsonObject,
  type OperationDetail,
  type ToolError,
} from '@executor/contracts'
import { failureAnswer } from '../answer.ts'
import { checkArguments, invalidArguments } from '../arguments/check-arguments.ts'
import { credentialError } from '../authentication.ts'
import { type RenderedCredential, renderCredential } from '../credential.ts'
import { createMask } from '../mask.ts'
import type { Protocol, ProtocolCall } from '../protocol.ts'
import { toUpstreamFailure } from '../upstream-failure.ts'
import { checkAccess } from './check-access.ts'
import { discoverSchema } from './discover-schema.ts'
import { configOf, type FieldPlan, headWith, planOf } from './plan.ts'
import { readAnswer } from './read-answer.ts'
import { buildRequest, type GraphqlRequest } from './request.ts'
import { parseSelect } from './select.ts'
import { toVariables, unwrapVariables } from './variables.ts'

export interface GraphqlOptions {
  now?: () => number
}

/** Calls fields of GraphQL endpoints. */
export function createGraphql({ now = Date.now }: GraphqlOptions = {}): Protocol {
  return {
    kind: 'graphql',

    prepare(detail, args) {
      try {
        const plan = planOf(detail.operation)
        const { args: flat, problems } = unwrapVariables(plan.binding, args)
        if (problems.length > 0) return { failure: invalidArguments(detail, problems) }
        const failure = checkArguments(detail, flat) ?? checkSelect(plan, detail, flat)
        return failure ? { failure } : { args: flat }
      } catch (error) {
        return { failure: toToolError(error) }
      }
    },

    async invoke(call) {
      const ready = prepareRequest(call)
      if ('failure' in ready) return failureAnswer(ready.failure)
      const { plan, request, credential, isDefaultSelection } = ready
      const mask = createMask(credential.secrets)
      try {
        const { egress, signal } = call
        const response = await egress.request({ ...request, signal, retryable: plan.isRepeatable })
        const answer = readAnswer(plan, call, response, { now: now(), isDefaultSelection })
        return { ...answer, json: mask.json(answer.json) }
      } catch (error) {
        const { error: failure, outcomeUnknown } = toUpstreamFailure(error, plan.isRepeatable)
        const answer = failureAnswer(failure, { outcomeUnknown })
        return { ...answer, json: mask.json(answer.json) }
      }
    },

    discover: discoverSchema,

    check: (access) => checkAccess(access, now),
  }
}

/** The caller's own selection; null where it left the choice to us. */
function selectOf({ binding }: FieldPlan, args: JsonObject): string | null {
  const { selectArgument: name } = binding
  const select = name !== undefined && Object.hasOwn(args, name) ? args[name] : undefined
  return typeof select === 'string' && select.trim() !== '' ? select : null
}

function checkSelect(
  plan: FieldPlan,
  { operation }: OperationDetail,
  args: JsonObject,
): ToolError | null {
  const select = selectOf(plan, args)
  const parsed = select === null ? null : parseSelect(select)
  return parsed && 'problem' in parsed ? invalidSelection(operation.name, parsed.problem) : null
}

function invalidSelection(name: string, problem: string): ToolError {
  return {
    code: 'graphql_invalid_selection',
    message: `${name} was not called: its selection cannot be used: ${problem}.`,
    details: { problem },
    retryable: false,
  }
}

interface Ready {
  plan: FieldPlan
  request: GraphqlRequest
  credential: RenderedCredential
  isDefaultSelection: boolean
}

function prepareRequest(call: ProtocolCall): Ready | { failure: ToolError } {
  const { operation, settings, args, connection } = call
  try {
    const plan = planOf(operation)
    const rendering = renderCredential(settings.authMethods, call.credential)
    if (!('credential' in rendering)) {
      const account = { ...connection, template: call.credential.template }
      return { failure: credentialError(settings, account, rendering) }
    }
    const { credential } = rendering
    const select = selectOf(plan, args)
    const parsed = select === null ? null : parseSelect(select)
    if (parsed && 'problem' in parsed)
      return { failure: invalidSelection(operation.name, parsed.problem) }
    const head = parsed ? headWith(plan, parsed.selection) : plan.head
    const body = `${head}${JSON.stringify(toVariables(plan.binding, args))}}`
    const request = buildRequest(configOf(settings), credential, body)
    return { plan, request, credential, isDefaultSelection: parsed === null }
  } catch (error) {
    return { failure: toToolError(error) }
  }
}

function toToolError(error: unknown): ToolError {
  if (!isServiceError(error)) throw error
  const { reason: code, message, details } = error
  return { code, message, ...(details ? { details } : {}), retryable: false }
}
