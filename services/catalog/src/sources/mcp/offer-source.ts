import {
  type AuthMethod,
  type McpConfig,
  McpDiscovery,
  type McpQuestion,
} from '@executor/contracts'
import { createDescriptionReader, type DescriptionReader } from '../openapi/description-reader.ts'
import type { ReadDescription } from '../openapi/description-rows.ts'
import type { DiscoverSource, SourceAccount, SourceContext } from '../source.ts'
import { parseInput } from './input.ts'
import { OFFER_UNREADABLE } from './reader/failures.ts'
import type { OfferRequest, OfferSummary } from './reader/read-offer.ts'

export type ReadOffer = ReadDescription<OfferSummary>
export type Connected = McpDiscovery & { status: 'connected' }

export interface Asked {
  config: McpConfig
  authMethods: AuthMethod[]
}

/** Where the tools of servers come from: they are asked, by the executor, and read here. */
export interface OfferSource {
  /** Without an account as a stranger. */
  ask(
    ask: McpQuestion['ask'],
    asked: Asked,
    context: SourceContext,
    account?: SourceAccount,
  ): Promise<McpDiscovery>
  read(offer: string, context: SourceContext): Promise<ReadOffer>
  /** Of a server that has told nobody yet. */
  readNothing(context: SourceContext): Promise<ReadOffer>
  close(): Promise<void>
}

const NOTHING = '{"capabilities":{},"tools":[]}'

export function createOfferSource(options: {
  discover: DiscoverSource
  workerUrl: URL
}): OfferSource {
  const reader: DescriptionReader<OfferRequest, OfferSummary> = createDescriptionReader({
    workerUrl: options.workerUrl,
    reasons: { parse: OFFER_UNREADABLE, extraction: OFFER_UNREADABLE },
  })
  const read = (source: string, { signal }: SourceContext) =>
    reader.read({ source }, { signal, fetchReference: refuseReference })

  return {
    async ask(ask, { config, authMethods }, context, account) {
      if (ask === 'offer') reader.warm()
      const question: McpQuestion = { ask, server: config }
      const answer = await options.discover(
        { kind: 'mcp', authMethods, config: question, ...(account ? asAccount(account) : {}) },
        context,
      )
      return parseInput(McpDiscovery, answer)
    },
    read,
    readNothing: (context) => read(NOTHING, context),
    close: () => reader.close(),
  }
}

function asAccount({ integration: { slug, revision }, owner, name }: SourceAccount) {
  return { stored: { slug, revision }, account: { owner, name } }
}

function refuseReference(url: string): Promise<never> {
  return Promise.reject(new TypeError(`what a server offers refers to no other file (${url})`))
}
