import type { OpenapiConfig, OpenapiPreview } from '@executor/contracts'
import { type ImportedSource, toSlug } from '../source.ts'
import type { ReadDescription } from './description-rows.ts'
import type { OpenedDocument } from './document-source.ts'
import type { DescriptionSummary } from './reader/read-description.ts'

const TITLE_CHARS_MAX = 256
const DESCRIPTION_CHARS_MAX = 1_000

/** A description, read, and where it came from. */
export type Found = ReadDescription &
  Pick<OpenedDocument, 'url' | 'isPasted'> &
  Pick<ImportedSource, 'pastedText'>

export function toConfig({ summary, url, isPasted }: Found): OpenapiConfig {
  const { servers, format, title, version } = summary
  return {
    servers,
    specFormat: format,
    headers: {},
    queryParams: {},
    ...(url === null ? {} : isPasted ? { documentUrl: url } : { specUrl: url }),
    ...(title === undefined ? {} : { title }),
    ...(version === undefined ? {} : { version }),
  }
}

export function toImported(found: Found, config: OpenapiConfig): ImportedSource {
  const { summary, snapshot, close, url, isPasted, pastedText } = found
  const title = summary.title ?? (url === null ? 'API' : hostOf(url))
  return {
    title: title.slice(0, TITLE_CHARS_MAX),
    description: firstParagraph(summary.description ?? ''),
    suggestedSlug: toSlug(title),
    snapshot,
    authMethods: summary.authMethods,
    config,
    ...toDisplay(config),
    canRefresh: !isPasted,
    ...(pastedText ? { pastedText } : {}),
    warnings: summary.warnings,
    close,
  }
}

export function toPreview(summary: DescriptionSummary): OpenapiPreview {
  const { title, version, description } = summary
  return {
    ...(title === undefined ? {} : { title }),
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
    operationCount: summary.operationCount,
    tagCounts: summary.tagCounts,
    servers: summary.servers,
    authMethods: summary.authMethods,
    warnings: summary.warnings,
  }
}

export function toDisplay({ baseUrl, specUrl }: OpenapiConfig): { displayUrl?: string } {
  const displayUrl = baseUrl ?? specUrl
  return displayUrl === undefined ? {} : { displayUrl }
}

export function firstParagraph(text: string): string {
  const paragraph = text.split(/\n\s*\n/, 1)[0]?.trim() ?? ''
  return paragraph.length > DESCRIPTION_CHARS_MAX
    ? `${paragraph.slice(0, DESCRIPTION_CHARS_MAX)}…`
    : paragraph
}

export function hostOf(url: string): string {
  return URL.parse(url.trim())?.hostname ?? 'API'
}
