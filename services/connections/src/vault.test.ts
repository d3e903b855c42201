import { inspect } from 'node:util'
import { Secret } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { createVault, deriveMasterKey, generateKeyText } from './vault.ts'

const PLACE = ['acme', 'org', '', 'connection:1:a:token']
const HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

async function aVault(...texts: string[]) {
  return createVault(await Promise.all(texts.map(deriveMasterKey)))
}

describe('createVault', () => {
  it('opens what it sealed', async () => {
    const vault = await aVault(generateKeyText())

    const sealed = vault.seal(new Secret('hunter2 ✓'), PLACE)

    expect(vault.open(sealed, PLACE)?.reveal()).toBe('hunter2 ✓')
    expect(sealed.text).not.toContain('hunter2')
  })

  it('seals the same value differently every time', async () => {
    const vault = await aVault(HEX)

    const once = vault.seal(new Secret('same'), PLACE)
    const again = vault.seal(new Secret('same'), PLACE)

    expect(once.text).not.toBe(again.text)
  })

  it.each([
    ['tenant', ['other', 'org', '', 'connection:1:a:token']],
    ['owner', ['acme', 'user', '', 'connection:1:a:token']],
    ['subject', ['acme', 'org', 'eve', 'connection:1:a:token']],
    ['item', ['acme', 'org', '', 'connection:2:a:token']],
    ['boundary between two parts', ['acme', 'org', '', 'connection:1:a', 'token']],
  ])('does not open a value moved to another %s', async (_, elsewhere) => {
    const vault = await aVault(HEX)

    const sealed = vault.seal(new Secret('hunter2'), PLACE)

    expect(vault.open(sealed, elsewhere)).toBeNull()
  })

  it.each([
    ['every byte flipped', (text: string) => `v1.${flip(text.slice(3))}`],
    ['cut short', (text: string) => text.slice(0, 20)],
    ['no version', (text: string) => text.slice(3)],
    ['another version', (text: string) => text.replace('v1', 'v2')],
    ['nothing at all', () => ''],
  ])('does not open a tampered value: %s', async (_, tamper) => {
    const vault = await aVault(HEX)
    const sealed = vault.seal(new Secret('hunter2'), PLACE)

    expect(vault.open({ ...sealed, text: tamper(sealed.text) }, PLACE)).toBeNull()
  })

  it('does not open what another key sealed, even under its name', async () => {
    const ours = await aVault(HEX)
    const theirs = await aVault(generateKeyText())
    const sealed = theirs.seal(new Secret('hunter2'), PLACE)

    expect(ours.open(sealed, PLACE)).toBeNull()
    expect(ours.open({ ...sealed, keyId: ours.keyIds[0] ?? '' }, PLACE)).toBeNull()
  })

  it('encrypts with the first of several keys and decrypts with all', async () => {
    const older = await aVault(HEX)
    const sealed = older.seal(new Secret('hunter2'), PLACE)

    const rotated = await aVault(generateKeyText(), HEX)

    expect(rotated.open(sealed, PLACE)?.reveal()).toBe('hunter2')
    expect(rotated.seal(new Secret('x'), PLACE).keyId).not.toBe(sealed.keyId)
  })

  it('shows no key when it is printed', async () => {
    const key = await deriveMasterKey(HEX)
    const bytes = key.key.export().toString('hex')

    expect(inspect(key, { depth: 9, showHidden: true })).not.toContain(bytes)
    expect(JSON.stringify(key)).not.toContain(bytes)
  })
})

describe('deriveMasterKey', () => {
  it('reads one key in hex, base64 and base64url alike', async () => {
    const bytes = Buffer.from(HEX, 'hex')

    const hex = await deriveMasterKey(HEX)
    const base64 = await deriveMasterKey(bytes.toString('base64'))
    const base64url = await deriveMasterKey(bytes.toString('base64url'))

    expect(base64.id).toBe(hex.id)
    expect(base64url.id).toBe(hex.id)
    expect((await deriveMasterKey(`${HEX}\n`)).id).toBe(hex.id)
    expect(hex.id).toMatch(/^[0-9a-f]{16}$/)
  })

  it('takes a long passphrase', async () => {
    const once = await deriveMasterKey('correct horse battery staple, and then some')
    const again = await deriveMasterKey('correct horse battery staple, and then some')

    expect(again.id).toBe(once.id)
    expect(again.key.equals(once.key)).toBe(true)
  })

  it('refuses a short one without repeating it', async () => {
    const refusal = deriveMasterKey('password123')

    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'secret_key_weak',
      message: expect.not.stringContaining('password123'),
    })
  })
})

function flip(encoded: string): string {
  return Buffer.from(Buffer.from(encoded, 'base64url').map((byte) => byte ^ 1)).toString(
    'base64url',
  )
}
