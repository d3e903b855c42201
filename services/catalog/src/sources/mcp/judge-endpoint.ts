import {
  type Detection,
  type McpConfig,
  type McpDiscovery,
  ServiceError,
} from '@executor/contracts'
import type { SourceContext } from '../source.ts'
import { isAway } from './add-remote.ts'
import type { OfferSource } from './offer-source.ts'

const ENDPOINT = /(?:^|[./])(?:mcp|sse)(?:[./]|$)/i

export interface Judged {
  confidence: Detection['confidence']
  /** What it said, where it answered. */
  discovery?: McpDiscovery
}

/** How sure it is that a server answers there; null where none does. */
export async function judgeEndpoint(
  offers: OfferSource,
  config: McpConfig,
  context: SourceContext,
): Promise<Judged | null> {
  const { hostname = '', pathname = '' } =
    (config.transport === 'remote' ? URL.parse(config.endpoint) : null) ?? {}
  const looksLikeIt = ENDPOINT.test(hostname + pathname)
  try {
    const discovery = await offers.ask('probe', { config, authMethods: [] }, context)
    if (discovery.status === 'connected') return { confidence: 'high', discovery }
    // Everybody refuses strangers; that tokens are told of in this way is the protocol's own.
    const isTold = discovery.status === 'refused' && discovery.oauth !== null
    if (isTold) return { confidence: looksLikeIt ? 'high' : 'medium', discovery }
    return looksLikeIt ? { confidence: 'medium', discovery } : null
  } catch (error) {
    // What does not answer as a server is none; whoever asks tries other kinds.
    if (!(error instanceof ServiceError) || error.code === 'cancelled') throw error
    return looksLikeIt && isAway(error) ? { confidence: 'low' } : null
  }
}
