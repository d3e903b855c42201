import { type Detection, ServiceError } from '@executor/contracts'
import type { PresetEntry } from '../presets/preset.ts'
import { findPresets, PRESETS } from '../presets/presets.ts'
import type { DetectContext, FetchDocument, SourceContext, SourceKind } from '../sources/source.ts'
import { toSlug } from '../sources/source.ts'
import { classifyInput } from './classify-input.ts'
import { describeServer, entryOfCommand } from './describe-servers.ts'
import { explainNothing, nothingOfTheName } from './explain-nothing.ts'
import { createSharedFetch } from './shared-fetch.ts'

export interface DetectDeps {
  kinds: readonly SourceKind[]
  fetchDocument: FetchDocument
}

/** A person waits. Whatever has not answered by then is not what they meant. */
const DETECT_MS_MAX = 25_000
const CONFIDENCE = ['high', 'medium', 'low']

/**
 * What an address, a document, an MCP client's settings, a command or a name could be added as, the
 * surest first. Saves nothing and starts nothing. Throws `detect_nothing`, which says what was tried.
 */
export async function detect(
  { kinds, fetchDocument }: DetectDeps,
  given: string,
  context: SourceContext,
): Promise<Detection[]> {
  const input = classifyInput(given)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(DETECT_MS_MAX)])
  const shared = createSharedFetch(fetchDocument)
  const within: DetectContext = { ...context, signal, fetch: shared.fetch }
  const notes: string[] = []

  /** One kind's failure is no other's; only whoever asked may call all of it off. */
  async function orNull<T>(looking: Promise<T>, kind: string): Promise<T | null> {
    try {
      return await looking
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(error instanceof ServiceError)) throw error
      notes.push(`${kind}: ${signal.aborted ? 'it did not answer in time.' : error.message}`)
      return null
    }
  }

  /** Where the address is a host alone, also where servers of the kind usually are on a host. */
  async function detectAt(kind: SourceKind, url: string): Promise<Detection | null> {
    const found = await orNull(kind.detect(url, within), kind.kind)
    if (found || URL.parse(url)?.pathname !== '/') return found
    for (const path of kind.usualPaths ?? []) {
      const there = await orNull(kind.detect(new URL(path, url).href, within), kind.kind)
      if (there) return { ...there, confidence: there.confidence === 'low' ? 'low' : 'medium' }
    }
    return null
  }

  async function look(): Promise<Detection[]> {
    switch (input.type) {
      case 'url': {
        const found = await Promise.all(kinds.map((kind) => detectAt(kind, input.url)))
        return found.filter((detection) => detection !== null)
      }
      case 'document': {
        const found = kinds.map(async (kind) =>
          kind.detectText ? orNull(kind.detectText(input.text, within), kind.kind) : null,
        )
        return (await Promise.all(found)).filter((detection) => detection !== null)
      }
      case 'servers':
        return input.servers.map(describeServer)
      case 'command':
        return [describeServer(entryOfCommand(input.words))]
      case 'name':
        return Promise.all(findPresets(input.text).map((preset) => describePreset(preset)))
    }
  }

  async function describePreset(preset: PresetEntry): Promise<Detection> {
    const { id, kind, name, credential, input: body } = preset
    const inspect = kinds.find((candidate) => candidate.kind === kind)?.inspect
    const inspection = inspect ? await orNull(inspect(body, within), kind) : null
    return {
      kind,
      confidence: 'high',
      endpoint: endpointOf(body),
      name,
      slug: toSlug(name),
      description: preset.summary,
      preset: id,
      credential,
      input: { preset: id },
      ...(inspection ?? { warnings: notes.slice(-1) }),
    }
  }

  const found = await look()
  if (found.length === 0) {
    throw input.type === 'name'
      ? nothingOfTheName(input.text, PRESETS)
      : explainNothing(input, { tried: shared.tried, notes })
  }
  return found.sort((a, b) => CONFIDENCE.indexOf(a.confidence) - CONFIDENCE.indexOf(b.confidence))
}

function endpointOf({ spec, endpoint, command, args }: PresetEntry['input']): string {
  if (typeof command === 'string') return [command, ...(args as string[])].join(' ')
  return String(spec ?? endpoint)
}
