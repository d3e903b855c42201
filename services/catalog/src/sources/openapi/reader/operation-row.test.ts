import { OpenapiBinding } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aDescription, anOperation, readOperation } from './fixtures.ts'

describe('descriptions and annotations', () => {
  it.each([
    [{ description: 'Long.', summary: 'Short' }, 'Long.'],
    [{ description: ' ', summary: 'Short' }, 'Short'],
    [{}, 'POST /things'],
  ])('describes %j as %j', async (operation, description) => {
    expect((await readOperation(anOperation(operation))).description).toBe(description)
  })

  it('cuts a description that nobody would read', async () => {
    const { description } = await readOperation(anOperation({ description: 'x'.repeat(20_000) }))

    expect(description.length).toBeLessThan(16_400)
  })

  it.each([
    ['get', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['head', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['options', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['trace', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['query', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['post', { readOnly: false, idempotent: false, destructive: false, requiresApproval: true }],
    ['patch', { readOnly: false, idempotent: false, destructive: false, requiresApproval: true }],
    ['put', { readOnly: false, idempotent: true, destructive: false, requiresApproval: true }],
    ['delete', { readOnly: false, idempotent: true, destructive: true, requiresApproval: true }],
  ])('says what %s does', async (method, expected) => {
    const { annotations } = await readOperation(anOperation({}, { method }))

    expect(annotations).toMatchObject(expected)
    expect(annotations.approvalDescription).toBe(
      expected.requiresApproval ? `${method.toUpperCase()} /things` : undefined,
    )
  })

  it('tells deprecated operations', async () => {
    const { annotations } = await readOperation(anOperation({ deprecated: true }))

    expect(annotations.deprecated).toBe(true)
  })

  it("reads OpenAPI 3.2's additional operations as writing ones", async () => {
    const additionalOperations = { COPY: { operationId: 'copy' }, 'bad method': {} }
    const source = aDescription({ openapi: '3.2.0', paths: { '/a': { additionalOperations } } })

    const { binding, annotations } = await readOperation(source)

    expect(binding.method).toBe('COPY')
    expect(annotations.requiresApproval).toBe(true)
  })
})

describe('bindings', () => {
  it('send nothing that follows a "#", and start with a slash', async () => {
    const first = await readOperation(anOperation({}, { path: '/#Action=Run' }))
    const second = await readOperation(anOperation({}, { path: 'things' }))

    expect(first.binding.path).toBe('/')
    expect(second.binding.path).toBe('/things')
  })

  it('take a corrected path', async () => {
    const { binding } = await readOperation(
      anOperation({ 'x-executor-pathTemplate': '/v2/things' }),
    )

    expect(binding.path).toBe('/v2/things')
  })

  it('are what the contract says', async () => {
    const source = anOperation({
      parameters: [{ name: 'id', in: 'query' }],
      requestBody: {
        content: {
          'multipart/form-data': {
            schema: { properties: { f: { format: 'binary', type: 'string' } } },
          },
        },
      },
      responses: { 200: { content: { 'application/json': {} } } },
    })

    const { binding } = await readOperation(source)

    expect(OpenapiBinding.parse(binding)).toEqual(binding)
  })
})
