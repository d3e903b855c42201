import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Comparison, compareCalls } from './compare.ts'
import { isWhole, only } from './config.ts'
import { DESCRIPTIONS, pathOf } from './descriptions.ts'
import { KNOWN_DIFFERENCES } from './differences.ts'
import { readDocument } from './document.ts'
import type { Shape } from './generation.ts'
import { openProduct, type Product } from './product.ts'
import { type Recorder, startRecorder } from './wire.ts'

const SHAPES: readonly Shape[] = ['least', 'plain', 'strange']
const IMPORT_AND_CALLS_MS = 300_000

/**
 * Published descriptions, imported and called through the services of the local form, beside what
 * the specification and swagger-client make of the same calls. Documents are read by
 * `@apidevtools/swagger-parser`, so that nothing of ours decides what is expected.
 */
describe('a published description', () => {
  let product: Product
  let recorder: Recorder
  const comparisons = new Map<string, Comparison>()
  beforeAll(async () => {
    product = await openProduct()
    recorder = await startRecorder()
  })
  afterAll(async () => {
    await product[Symbol.asyncDispose]()
    await recorder[Symbol.asyncDispose]()
    process.stdout.write(report(comparisons))
  })
  const wanted = DESCRIPTIONS.filter(({ name }) => only === undefined || name.includes(only))

  it.for(wanted)(
    'of $name is sent as others send it',
    { timeout: IMPORT_AND_CALLS_MS },
    async (description) => {
      const { name, path, operations, ungenerated = [], refused = [] } = description
      const document = await readDocument(pathOf(path))
      const slug = `d${DESCRIPTIONS.indexOf(description)}`
      const { origin } = recorder

      const { tools } = await product.add({ slug, url: recorder.addressOf(path), baseUrl: origin })
      const shapesOf = (turn: number) =>
        isWhole ? SHAPES : [SHAPES[turn % SHAPES.length] as Shape]
      const comparison = await compareCalls({ product, recorder, document, tools, shapesOf })
      comparisons.set(name, comparison)

      expect(tools).toHaveLength(operations)
      expect(document.operations).toHaveLength(operations)
      expect(comparison.failures).toEqual([])
      expect(
        Object.keys(comparison.ungenerated).filter((why) => !ungenerated.includes(why)),
      ).toEqual([])
      expect(
        Object.keys(comparison.refused).filter(
          (why) => !refused.some((call) => why.startsWith(`${call}: `)),
        ),
      ).toEqual([])
    },
  )

  it.runIf(isWhole && only === undefined)('differs in no way that the table has too much', () => {
    const met = [...comparisons.values()].flatMap(({ known }) => Object.keys(known))

    expect(new Set(met)).toEqual(new Set(KNOWN_DIFFERENCES.map(({ name }) => name)))
  })
})

function report(comparisons: ReadonlyMap<string, Comparison>): string {
  const lines = [...comparisons].map(
    ([name, { calls, compared, known, unsendable, ungenerated, refused }]) => {
      const parts = [known, unsendable, ungenerated, refused].flatMap((counts) =>
        Object.entries(counts).map(([reason, count]) => `    ${count} × ${reason}`),
      )
      return [`${name}: ${calls} calls, ${compared} sent by swagger-client too`, ...parts].join(
        '\n',
      )
    },
  )
  return `${lines.join('\n')}\n`
}
