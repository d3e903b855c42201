import { expect, it } from 'vitest'
import { regionalTokenUrl } from './regional.ts'

const TOKEN_URL = 'https://api.datadoghq.com/oauth2/v1/token'

it.each([
  [TOKEN_URL, 'us3.datadoghq.com', 'https://api.us3.datadoghq.com/oauth2/v1/token'],
  [TOKEN_URL, 'https://app.datadoghq.eu', 'https://api.datadoghq.eu/oauth2/v1/token'],
  [TOKEN_URL, 'datadoghq.com', null],
  [TOKEN_URL, 'datadoghq.com.evil.example', null],
  [TOKEN_URL, 'evil.example', null],
  [TOKEN_URL, undefined, null],
  ['https://login.example/token', 'us3.datadoghq.com', null],
])('a code for %s that came from %s is exchanged at %s', (tokenUrl, site, expected) => {
  expect(regionalTokenUrl(tokenUrl, site)).toBe(expected)
})
