import { type Call, generateCall, toArguments } from './call.ts'
import { type Difference, KNOWN_DIFFERENCES } from './differences.ts'
import type { DescribedDocument, DescribedOperation } from './document.ts'
import { NoValue, type Shape } from './generation.ts'
import { PART_NAMES, type Parts, toParts } from './parts.ts'
import type { ImportedTool, Product } from './product.ts'
import { expectParts } from './specification.ts'
import { sendWithSwaggerClient } from './swagger-client.ts'
import type { Recorder } from './wire.ts'

/** What comparing the calls of one description came to; nothing is passed over in silence. */
export interface Comparison {
  calls: number
  /** Calls that swagger-client sent too. */
  compared: number
  /** Calls that it could not send, by reason. */
  unsendable: Record<string, number>
  /** Differences of swagger-client that the table explains, by name. */
  known: Record<string, number>
  /** Calls without arguments: no value was found for a schema, by reason. */
  ungenerated: Record<string, number>
  /** Calls that we refuse, by reason. */
  refused: Record<string, number>
  /** Operations that were not imported, bytes that are not the specification's. */
  failures: string[]
}

export interface Scene {
  product: Product
  recorder: Recorder
  document: DescribedDocument
  tools: readonly ImportedTool[]
  shapesOf(turn: number): readonly Shape[]
}

export async function compareCalls(scene: Scene): Promise<Comparison> {
  const comparison: Comparison = {
    calls: 0,
    compared: 0,
    unsendable: {},
    known: {},
    ungenerated: {},
    refused: {},
    failures: [],
  }
  const find = createFinder(scene.tools)
  for (const [turn, described] of scene.document.operations.entries()) {
    const tool = find(described)
    if (!tool) comparison.failures.push(`${labelOf(described)}: not imported`)
    else
      for (const shape of scene.shapesOf(turn))
        await compareCall(scene, tool, { described, shape, turn }, comparison)
  }
  return comparison
}

/** The tool of an operation. Those of one address are told apart by their operation ids. */
function createFinder(tools: readonly ImportedTool[]) {
  const byAddress = Map.groupBy(tools, ({ binding }) => `${binding.method} ${binding.path}`)
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase()
  return ({ method, path, operation }: DescribedOperation): ImportedTool | undefined => {
    const [address] = path.split('#')
    const same = byAddress.get(`${method} ${address || '/'}`) ?? []
    const id = plain(String(operation.operationId ?? `${method}${path}`))
    return same.length < 2 ? same[0] : same.find(({ name }) => plain(name).endsWith(id))
  }
}

async function compareCall(
  { product, recorder, document }: Scene,
  tool: ImportedTool,
  { described, shape, turn }: { described: DescribedOperation; shape: Shape; turn: number },
  comparison: Comparison,
): Promise<void> {
  const label = `${labelOf(described)} (${shape})`
  const call = generate(described, shape, turn, comparison)
  if (!call) return
  const { args, unknown } = toArguments(call, tool)
  for (const name of unknown) comparison.failures.push(`${label}: ${name} was not imported`)
  comparison.calls++
  recorder.take()
  const result = await product.invoke(tool.address, args)
  const wire = recorder.take()
  if (!wire) {
    count(comparison.refused, `${label}: ${result.ok ? 'nothing was sent' : result.error.message}`)
    return
  }
  const ours = toParts(wire, call)
  const expected = await expectParts(call, document.version)
  for (const part of differing(ours, expected))
    comparison.failures.push(
      `${label}: ${part}\n  ${JSON.stringify(ours[part])}\n  ${JSON.stringify(expected[part])}`,
    )
  const failure = await sendWithSwaggerClient(document, call, recorder.origin)
  const other = recorder.take()
  if (!other) return count(comparison.unsendable, failure ?? 'sent nothing')
  comparison.compared++
  const theirs = toParts(other, call)
  for (const part of differing(ours, theirs))
    explain({ part, ours, theirs, call, isSwagger: document.isSwagger }, label, comparison)
}

function generate(
  described: DescribedOperation,
  shape: Shape,
  turn: number,
  { ungenerated }: Comparison,
): Call | null {
  try {
    return generateCall(described, shape, turn)
  } catch (error) {
    if (!(error instanceof NoValue)) throw error
    count(ungenerated, `${labelOf(described)}: ${error.message}`)
    return null
  }
}

function differing(one: Parts, other: Parts) {
  return PART_NAMES.filter((part) => JSON.stringify(one[part]) !== JSON.stringify(other[part]))
}

function explain(difference: Difference, label: string, { known, failures }: Comparison): void {
  const found = KNOWN_DIFFERENCES.find(({ covers }) => covers(difference))
  const { part, ours, theirs } = difference
  if (found) count(known, found.name)
  else
    failures.push(
      `${label}: swagger-client's ${part}\n  ${JSON.stringify(ours[part])}\n  ${JSON.stringify(theirs[part])}`,
    )
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

function labelOf({ method, path }: DescribedOperation): string {
  return `${method} ${path}`
}
