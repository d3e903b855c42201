import { describe, expect, it } from 'vitest'
import { readContent, readFields } from './form-fields.ts'

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', title: 'Your name', minLength: 2 },
    age: { type: 'integer', minimum: 0, default: 30 },
    colour: { type: 'string', enum: ['r', 'b'], enumNames: ['Red', 'Blue'] },
    sizes: { type: 'array', items: { anyOf: [{ const: 's', title: 'Small' }, { const: 'l' }] } },
    again: { type: 'boolean', default: true },
    when: { type: 'string', format: 'date' },
  },
  required: ['name', 'colour'],
}

describe('a form of an upstream', () => {
  it('has a field for each property, with its default', () => {
    expect(readFields(schema)).toMatchObject([
      { name: 'name', label: 'Your name', kind: 'text', isRequired: true, initial: '' },
      { name: 'age', kind: 'number', isInteger: true, initial: '30' },
      {
        kind: 'choice',
        options: [
          { value: 'r', label: 'Red' },
          { value: 'b', label: 'Blue' },
        ],
      },
      {
        kind: 'choices',
        options: [
          { value: 's', label: 'Small' },
          { value: 'l', label: 'l' },
        ],
      },
      { kind: 'checkbox', initial: true },
      { kind: 'text', inputType: 'date' },
    ])
  })

  it('gives what was filled in its type, and leaves out what was not', () => {
    const values = { name: 'Ann', age: '4', colour: 'b', sizes: ['l'], again: false, when: '' }

    expect(readContent(readFields(schema), values)).toEqual({
      content: { name: 'Ann', age: 4, colour: 'b', sizes: ['l'], again: false },
      problems: {},
    })
  })

  it('says what is wrong, by field', () => {
    const values = { name: 'A', age: '1.5', colour: '' }

    expect(readContent(readFields(schema), values).problems).toEqual({
      name: 'Use at least 2 characters.',
      age: 'Use a whole number.',
      colour: 'Fill this in.',
    })
  })

  it('makes nothing of a schema that is none', () => {
    expect(readFields(null)).toEqual([])
    expect(readFields({ properties: [] })).toEqual([])
  })
})
