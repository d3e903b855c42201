import { describe, expect, it } from 'vitest'
import { readOutcome } from './outcome.ts'

describe('readOutcome', () => {
  it.each([
    [
      { ok: true, value: 'a\nb', emitted: [], logs: [] },
      { failure: null, value: 'a\nb', logs: [] },
    ],
    [
      { ok: true, value: { a: 1 }, emitted: [], logs: ['x'] },
      { failure: null, value: '{\n  "a": 1\n}', logs: ['x'] },
    ],
    [
      { ok: true, emitted: [], logs: [] },
      { failure: null, logs: [] },
    ],
    [
      { ok: true, data: [], http: { status: 200, headers: {} } },
      { failure: null, value: '[]', logs: [] },
    ],
    [
      {
        ok: false,
        error: { code: 'script_error', message: 'Error: no\n1 | throw' },
        emitted: [],
        logs: ['x'],
      },
      { failure: 'Error: no\n1 | throw', logs: ['x'] },
    ],
    [
      {
        ok: false,
        error: { code: 'upstream_http_error', message: 'It answered 500.', details: 'why' },
      },
      { failure: 'It answered 500.', value: 'why', logs: [] },
    ],
    [null, { failure: null, logs: [] }],
  ])('reads %j', (result, outcome) => {
    expect(readOutcome(result)).toEqual(outcome)
  })
})
