import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { JsonSchema } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { reachableDefinitions } from './references.ts'
import { definitionsToTypeScript, schemaToTypeScript } from './schema-to-typescript.ts'

const require = createRequire(import.meta.url)
const typescript: typeof import('typescript') = require('typescript')

interface Description {
  paths: Record<string, Record<string, Operation | undefined>>
  components: { schemas: Record<string, JsonSchema> }
}
interface Operation {
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { content?: Record<string, { schema?: JsonSchema }> }>
}

const description = JSON.parse(
  readFileSync(
    require.resolve('@octokit/openapi/generated/api.github.com.json'),
    'utf8',
  ).replaceAll('#/components/schemas/', '#/$defs/'),
) as Description

function syntaxErrors(source: string): string[] {
  const { diagnostics = [] } = typescript.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { target: typescript.ScriptTarget.ESNext },
  })
  return diagnostics.map(({ messageText }) => JSON.stringify(messageText))
}

describe("GitHub's REST description", () => {
  it('gives every definition as a declaration that TypeScript can read', () => {
    const texts = definitionsToTypeScript(description.components.schemas)

    expect(Object.keys(texts).length).toBeGreaterThan(800)
    expect(syntaxErrors(Object.values(texts).join('\n'))).toEqual([])
  })

  it('gives every operation types that TypeScript can read, whose names are all declared', () => {
    const sources: string[] = []
    const undeclared = new Set<string>()
    for (const operations of Object.values(description.paths))
      for (const operation of Object.values(operations)) {
        if (!operation?.responses) continue
        const input = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? true
        const output = Object.values(operation.responses['200']?.content ?? {})[0]?.schema ?? true
        const types = [schemaToTypeScript(input), schemaToTypeScript(output)]
        const reached = reachableDefinitions(
          { prefixItems: [input, output] },
          (name) => description.components.schemas[name],
        )
        const declared = definitionsToTypeScript(reached)
        for (const name of namesIn(types.join('\n'))) if (!(name in declared)) undeclared.add(name)
        sources.push(`type T${sources.length} = [${types.join(', ')}];`)
      }

    expect(sources.length).toBeGreaterThan(1_000)
    expect(syntaxErrors(sources.join('\n'))).toEqual([])
    expect([...undeclared]).toEqual([])
  })
})

/** The names of types in a type expression, found by TypeScript itself. */
function namesIn(type: string): Set<string> {
  const names = new Set<string>()
  const file = typescript.createSourceFile('t.ts', `type T = [${type.replaceAll('\n', ' \n')}]`, 99)
  const visit = (node: import('typescript').Node) => {
    if (typescript.isTypeReferenceNode(node)) names.add(node.typeName.getText(file))
    node.forEachChild(visit)
  }
  visit(file)
  return names
}
