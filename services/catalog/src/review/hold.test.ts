import { describe, expect, it } from 'vitest'
import { type HoldInput, holdBack } from './hold.ts'

const writing = new Set(['pets.add', 'pets.list'])

function held(given: Partial<HoldInput> = {}): string[] {
  return rows(given).map(({ name, change, status }) => `${name} ${change} ${status}`)
}

function rows(given: Partial<HoldInput>) {
  return holdBack({
    mode: 'all',
    changes: {
      addedTools: ['pets.add', 'pets.find'],
      changedTools: ['pets.list', 'pets.name'],
      removedTools: ['pets.sell'],
    },
    hashes: new Map([
      ['pets.add', 'h1'],
      ['pets.list', 'h2'],
    ]),
    didOnlyRead: () => true,
    onlyReads: (name) => !writing.has(name),
    known: [],
    now: 5,
    ...given,
  })
}

describe('holdBack', () => {
  it('holds nothing where nobody asked for it', () => {
    expect(held({ mode: 'none' })).toEqual([])
  })

  it('holds everything that is new or different', () => {
    expect(held()).toEqual([
      'pets.add added waiting',
      'pets.find added waiting',
      'pets.list changed waiting',
      'pets.name changed waiting',
    ])
  })

  it('holds what is new and writes, and what begins to write under an old name', () => {
    expect(held({ mode: 'writes' })).toEqual([
      'pets.add added waiting',
      'pets.list changed waiting',
    ])
    expect(held({ mode: 'writes', didOnlyRead: () => false })).toEqual(['pets.add added waiting'])
  })

  it('keeps a decision for as long as the operation says the same', () => {
    const rejected = {
      name: 'pets.add',
      change: 'added',
      hash: 'h1',
      status: 'rejected',
      heldAt: 1,
      decidedAt: 2,
      decidedBy: 'alice',
    } as const

    expect(rows({ mode: 'writes', known: [rejected] })[0]).toEqual(rejected)
    expect(rows({ mode: 'writes', known: [{ ...rejected, hash: 'h0' }] })[0]).toMatchObject({
      status: 'waiting',
      heldAt: 5,
      decidedBy: null,
    })
  })
})
