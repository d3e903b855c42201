import { describe, expect, it } from 'vitest'
import {
  type AuthMethodView,
  type PlacementView,
  problemsFromDetails,
  problemsOf,
  toCredentialFields,
} from './credential-fields.ts'

const aMethod = (...placements: PlacementView[]): AuthMethodView => ({
  slug: 'apikey-0',
  label: 'A key',
  kind: 'apikey',
  placements,
})
const bearer: PlacementView = { carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }
const pair = ['username', 'password'].map((variable) => ({
  carrier: 'header' as const,
  name: 'Authorization',
  prefix: 'Basic ',
  variable,
  basic: { username: 'username', password: 'password' },
}))

describe('the inputs of a method', () => {
  it('say where their value goes', () => {
    const affixes = [
      bearer,
      { carrier: 'header', name: 'X-Key', prefix: '' },
      { carrier: 'query', name: 'api_key', prefix: '' },
      { carrier: 'env', name: 'API_TOKEN', prefix: '' },
    ] satisfies PlacementView[]

    expect(affixes.map((placement) => toCredentialFields(aMethod(placement))[0])).toMatchObject([
      { label: 'Token', affix: 'Authorization: Bearer ' },
      { label: 'Key', affix: 'X-Key: ' },
      { label: 'Key', affix: '?api_key=' },
      { label: 'API_TOKEN', affix: 'API_TOKEN=' },
    ])
  })

  it('are one for each variable, whatever it fills, and none for what is fixed', () => {
    const fields = toCredentialFields(
      aMethod(
        { carrier: 'header', name: 'X-App', prefix: '', variable: 'appKey' },
        { carrier: 'query', name: 'app', prefix: '', variable: 'appKey' },
        { carrier: 'header', name: 'X-Version', prefix: '', literal: '2' },
      ),
    )

    expect(fields).toMatchObject([{ variable: 'appKey', label: 'App key', affix: 'X-App: ' }])
  })

  it('hide what is secret, of a user and a password the password', () => {
    expect(toCredentialFields(aMethod(...pair))).toMatchObject([
      { label: 'User name', isSecret: false },
      { label: 'Password', isSecret: true },
    ])
  })

  it('are none where nothing is asked for, and a token for a sign-in', () => {
    const open: AuthMethodView = { slug: 'none', label: '', kind: 'none' }

    expect(toCredentialFields(open)).toEqual([])
    expect(toCredentialFields({ ...open, kind: 'oauth' })).toMatchObject([{ variable: 'token' }])
  })
})

describe('what is wrong with a credential', () => {
  const fields = toCredentialFields(aMethod(bearer))

  it('is told before it is sent', () => {
    expect(problemsOf(fields, {})).toEqual({ token: 'Fill this in.' })
    expect(problemsOf(fields, { token: 'bearer abc' }).token).toContain('Leave out “Bearer”')
    expect(problemsOf(fields, { token: 'abc' })).toEqual({})
  })

  it('is not an empty half of a user and a password', () => {
    const both = toCredentialFields(aMethod(...pair))

    expect(problemsOf(both, { username: 'key' })).toEqual({})
    expect(Object.keys(problemsOf(both, {}))).toEqual(['username', 'password'])
  })

  it('is put by the input that the API names', () => {
    const failure = { message: 'It holds a colon.', details: { unusable: ['token', 'other'] } }

    expect(problemsFromDetails(fields, failure)).toEqual({ token: 'It holds a colon.' })
    expect(problemsFromDetails(fields, { message: '', details: { missing: 'token' } })).toEqual({})
  })
})
