import { describe, expect, it } from 'vitest'
import { encodeReserved, encodeStrict } from './encode.ts'
import { type Style, writeExpanded, writePairs } from './style.ts'

const LIST = ['blue', 'black', 'brown']
const MAP = { R: 100, G: 200, B: 150 }

function writing(style: Style, explode: boolean) {
  return { name: 'color', style, explode, encode: encodeStrict }
}

describe('writeExpanded', () => {
  it.each([
    ['simple', false, 'blue', 'blue'],
    ['simple', false, LIST, 'blue,black,brown'],
    ['simple', false, MAP, 'R,100,G,200,B,150'],
    ['simple', true, LIST, 'blue,black,brown'],
    ['simple', true, MAP, 'R=100,G=200,B=150'],
    ['label', false, 'blue', '.blue'],
    ['label', false, LIST, '.blue,black,brown'],
    ['label', true, LIST, '.blue.black.brown'],
    ['label', false, MAP, '.R,100,G,200,B,150'],
    ['label', true, MAP, '.R=100.G=200.B=150'],
    ['matrix', false, '', ';color'],
    ['matrix', true, '', ';color'],
    ['matrix', false, [], ''],
    ['matrix', true, {}, ''],
    ['matrix', false, 'blue', ';color=blue'],
    ['tabDelimited', false, LIST, 'blue%09black%09brown'],
    ['matrix', false, LIST, ';color=blue,black,brown'],
    ['matrix', true, LIST, ';color=blue;color=black;color=brown'],
    ['matrix', false, MAP, ';color=R,100,G,200,B,150'],
    ['matrix', true, MAP, ';R=100;G=200;B=150'],
    ['simple', false, 'a/b?c#d e%ü', 'a%2Fb%3Fc%23d%20e%25%C3%BC'],
    ['simple', false, "!'()*", '%21%27%28%29%2A'],
    ['simple', false, ['a,b', 'c'], 'a%2Cb,c'],
    ['simple', false, true, 'true'],
    ['simple', false, 1e21, '1e%2B21'],
    ['simple', false, [1, null, 2], '1,2'],
    ['simple', false, null, ''],
    ['simple', false, '\ud800', '%EF%BF%BD'],
  ] as const)('writes %s, explode %s, %j as %s', (style, explode, value, expected) => {
    const text = writeExpanded(value, writing(style, explode))

    expect(text).toBe(expected)
  })
})

describe('writePairs', () => {
  it.each([
    ['form', true, '', 'color='],
    ['form', true, 'blue', 'color=blue'],
    ['form', true, LIST, 'color=blue&color=black&color=brown'],
    ['form', false, LIST, 'color=blue,black,brown'],
    ['form', true, MAP, 'R=100&G=200&B=150'],
    ['form', false, MAP, 'color=R,100,G,200,B,150'],
    ['form', true, [], ''],
    ['form', false, {}, ''],
    ['form', true, null, ''],
    ['form', true, false, 'color=false'],
    ['form', true, 'a&b=c+d', 'color=a%26b%3Dc%2Bd'],
    ['form', true, [{ a: 1 }], 'color=%7B%22a%22%3A1%7D'],
    ['spaceDelimited', false, LIST, 'color=blue%20black%20brown'],
    ['spaceDelimited', false, MAP, 'color=R%20100%20G%20200%20B%20150'],
    ['spaceDelimited', true, LIST, 'color=blue&color=black&color=brown'],
    ['pipeDelimited', false, LIST, 'color=blue%7Cblack%7Cbrown'],
    ['pipeDelimited', false, MAP, 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['tabDelimited', false, LIST, 'color=blue%09black%09brown'],
    ['cookie', true, MAP, 'R=100&G=200&B=150'],
    ['deepObject', true, MAP, 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150'],
    ['deepObject', true, { a: { b: { c: 1 } } }, 'color%5Ba%5D%5Bb%5D%5Bc%5D=1'],
    ['deepObject', true, { a: [1, 2] }, 'color%5Ba%5D%5B%5D=1&color%5Ba%5D%5B%5D=2'],
    ['deepObject', true, { a: [{ b: 1 }] }, 'color%5Ba%5D%5B0%5D%5Bb%5D=1'],
    ['deepObject', true, ['x', 'y'], 'color%5B%5D=x&color%5B%5D=y'],
    ['deepObject', true, 'x', 'color=x'],
    ['deepObject', true, { 'a]': null, b: 'x y' }, 'color%5Bb%5D=x%20y'],
  ] as const)('writes %s, explode %s, %j as %s', (style, explode, value, expected) => {
    const pairs = writePairs(value, writing(style, explode))

    expect(pairs.join('&')).toBe(expected)
  })

  it('ends on objects without end', () => {
    const loop: Record<string, unknown> = {}
    loop.again = loop

    const pairs = writePairs(loop, writing('deepObject', true))

    expect(pairs).toEqual([])
  })
})

describe('encodeReserved', () => {
  it.each([
    ['path', '/a/b;c=1:@!$', '/a/b;c=1:@!$'],
    ['path', 'a?b#c[d]', 'a%3Fb%23c%5Bd%5D'],
    ['path', 'done%2Falready 100%', 'done%2Falready%20100%25'],
    ['query', 'a/b?c:d,e', 'a/b?c:d,e'],
    ['query', 'a&b#c+d[e]', 'a%26b%23c%2Bd%5Be%5D'],
  ] as const)('in a %s keeps what may stay of %j', (where, text, expected) => {
    const encoded = encodeReserved(text, where)

    expect(encoded).toBe(expected)
  })
})
