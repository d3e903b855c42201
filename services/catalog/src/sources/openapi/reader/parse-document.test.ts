import { describe, expect, it } from 'vitest'
import { parseDocument } from './parse-document.ts'

describe('parseDocument', () => {
  it('reads JSON', () => {
    expect(parseDocument('{"openapi": "3.1.0"}')).toEqual({ openapi: '3.1.0' })
  })

  it('reads YAML, dates and response codes as text', () => {
    const text = 'openapi: 3.1.0\nx: 2024-01-01\nresponses:\n  200: ok\n  default: {}'

    expect(parseDocument(text)).toEqual({
      openapi: '3.1.0',
      x: '2024-01-01',
      responses: { 200: 'ok', default: {} },
    })
  })

  it('reads bytes, with and without a byte order mark', () => {
    const utf8 = new TextEncoder().encode('﻿{"a": "ä"}')
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('{"a": 1}', 'utf16le')])

    expect(parseDocument(utf8)).toEqual({ a: 'ä' })
    expect(parseDocument(utf16)).toEqual({ a: 1 })
  })

  it('reads JSON with comments and trailing commas as the YAML it is', () => {
    expect(parseDocument('{"a": [1, 2,],\n # note\n "b": 3}')).toEqual({ a: [1, 2], b: 3 })
  })

  it('resolves YAML anchors and merge keys', () => {
    const text = 'base: &base\n  a: 1\nuse:\n  <<: *base\n  b: 2'

    expect(parseDocument(text)).toEqual({ base: { a: 1 }, use: { a: 1, b: 2 } })
  })

  it('keeps a key called __proto__ a key', () => {
    for (const text of ['{"__proto__": {"polluted": true}}', '__proto__:\n  polluted: true']) {
      const parsed = parseDocument(text)

      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
      expect(Object.keys(parsed)).toEqual(['__proto__'])
      expect('polluted' in parsed).toBe(false)
    }
  })

  it.each([
    ['', 'The document is empty.'],
    ['  \n\t ', 'The document is empty.'],
    ['<!DOCTYPE html><html><body>', 'is an HTML page'],
    ['<?xml version="1.0"?><wsdl/>', 'is XML'],
    ['[1, 2]', 'holds a list'],
    ['"just text"', 'holds plain text'],
    ['just text', 'holds plain text'],
    ['null', 'holds nothing'],
    ['{"a": 1', 'not valid JSON'],
    ['{"a": 1,\n "b": [1, 2}', '(line 2, column 12)'],
    ['{"a":\u0000}', 'not valid JSON'],
    ['a: 1\nb: [1, 2\nc: 3', 'not valid YAML'],
    ['a: 1\n  b: 2', '(line 2, column'],
    ['a: 1\na: 2', 'duplicated mapping key'],
    ['a: *missing', 'unidentified alias'],
    ['a: !!js/function "x"', 'not valid YAML'],
    [`x: ${'['.repeat(5_000)}`, 'nesting exceeded'],
    ['a: 1\n---\nb: 2', 'not valid YAML'],
  ])('refuses %j and says why', (text, reason) => {
    expect(() => parseDocument(text)).toThrow(reason)
    expect(() => parseDocument(text)).toThrow(
      expect.objectContaining({ reason: 'openapi_parse_failed' }),
    )
  })

  it('tells line and column as data', () => {
    expect(() => parseDocument('{"a": 1,\n "b": [1, 2}')).toThrow(
      expect.objectContaining({ details: { line: 2, column: 12 } }),
    )
  })

  it('refuses a document of nothing but brackets before it is parsed', () => {
    expect(() => parseDocument(`{"a":[${'[],'.repeat(2_000_000)}0]}`)).toThrow('more than 3000000')
  })
})
