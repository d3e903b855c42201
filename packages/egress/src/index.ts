export {
  type AddressKind,
  classifyAddress,
  isAddressAllowed,
  type LocalNetworkAccess,
} from './address.ts'
export type { Resolve } from './connector.ts'
export type { Document, DocumentOptions } from './document.ts'
export { createEgress, type Egress, type EgressOptions } from './egress.ts'
export type { BodyBounds, ResponseHead, ResponseHeaders } from './exchange.ts'
export type { EgressReason } from './failure.ts'
export type { EgressFetch, EgressFetchInit } from './fetch.ts'
export type { EgressRequest, EgressResponse } from './request.ts'
export { decodeText, isWellEncoded } from './text.ts'
