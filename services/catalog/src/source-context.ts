import type { CallContext } from '@executor/bus'
import type { SourceContext } from './sources/source.ts'

/** On whose behalf a source is read; a long document comes beside the request. */
export function toSourceContext({
  principal,
  signal,
  attachment,
}: Pick<CallContext, 'principal' | 'signal' | 'attachment'>): SourceContext {
  return { principal, signal, ...(attachment === undefined ? {} : { document: attachment }) }
}
