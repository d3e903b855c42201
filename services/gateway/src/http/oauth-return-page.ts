import { hash } from 'node:crypto'
import type { OauthOutcome } from '@executor/contracts'

/** What our pages listen to; the message holds no secret, and pages of other origins hear nothing. */
const CHANNEL = 'executor-oauth'

/** The address of the page holds what must not stay in the history. */
const SCRIPT = `
history.replaceState(null, '', location.pathname)
const outcome = JSON.parse(document.getElementById('outcome').textContent)
const message = { type: '${CHANNEL}', outcome }
new BroadcastChannel('${CHANNEL}').postMessage(message)
if (window.opener) window.opener.postMessage(message, location.origin)
if (outcome.status === 'connected') setTimeout(() => window.close(), 1000)
`
const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem; }
`

export const RETURN_HEADERS: Record<string, string> = {
  'content-security-policy': [
    "default-src 'none'",
    `script-src ${source(SCRIPT)}`,
    `style-src ${source(STYLE)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // Anything stricter takes the page that opened this one out of its reach.
  'cross-origin-opener-policy': 'unsafe-none',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
}

/** What somebody sees who comes back from signing in, while the page that sent them hears of it. */
export function returnPage(outcome: OauthOutcome): string {
  const [title, text] = wordsFor(outcome)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1><p role="status">${escapeHtml(text)}</p>
<script type="application/json" id="outcome">${escapeJson(outcome)}</script>
<script>${SCRIPT}</script></body></html>
`
}

function wordsFor(outcome: OauthOutcome): [title: string, text: string] {
  if (outcome.status === 'connected') {
    const { integration, name } = outcome.connection
    return ['Signed in', `${integration} is connected as “${name}”. You can close this window.`]
  }
  if (outcome.status === 'failed') return ['Not signed in', outcome.message]
  return ['Signing in', 'It goes on in another window.']
}

function source(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Nothing in it can end the element that holds it. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
