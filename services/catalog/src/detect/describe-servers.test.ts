import { AddMcpInput } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { describeServer, entryOfCommand } from './describe-servers.ts'
import { readServerConfig } from './server-config.ts'
import { splitCommand } from './split-command.ts'

const ofCommand = (line: string) => describeServer(entryOfCommand(splitCommand(line) ?? []))
const ofConfig = (entry: object) => {
  const [found] = readServerConfig(JSON.stringify({ mcpServers: { mine: entry } })) ?? []
  return found && describeServer(found)
}

describe('describeServer', () => {
  it.each([
    ['npx -y @modelcontextprotocol/server-everything', 'everything'],
    ['npx chrome-devtools-mcp@latest --headless', 'chrome-devtools'],
    ['uvx mcp-server-git --repository .', 'git'],
    ['node /home/me/weather/dist/index.js', 'weather'],
    ['docker run -i --rm mcp/fetch', 'fetch'],
    ['/opt/tools/my-mcp-server --stdio', 'my'],
    ['python3 -m', 'python3'],
  ])('names %j %s', (line, name) => {
    expect(ofCommand(line).name).toBe(name)
  })

  it('is what the kind takes, words and variables apart', () => {
    const found = ofCommand('DEBUG=1 npx -y "a b" --flag')

    expect(AddMcpInput.parse(found.input)).toMatchObject({
      transport: 'stdio',
      command: 'npx',
      args: ['-y', 'a b', '--flag'],
      env: { DEBUG: '1' },
    })
    expect(found).toMatchObject({ kind: 'mcp', confidence: 'high', endpoint: 'npx -y a b --flag' })
    expect(found).not.toHaveProperty('estimate')
  })

  it('keeps secrets of a process for a connection, and repeats none', () => {
    const found = ofConfig({ command: 'npx', env: { API_KEY: 'sk-1', REGION: 'eu' } })

    expect(found).toMatchObject({
      name: 'mine',
      input: { env: { REGION: 'eu' }, envVars: ['API_KEY'] },
      authMethods: [{ kind: 'env', placements: [{ name: 'API_KEY', variable: 'API_KEY' }] }],
    })
    expect(JSON.stringify(found)).not.toContain('sk-1')
    AddMcpInput.parse(found?.input)
  })

  it('keeps secret headers for a connection, with the word that comes before them', () => {
    const found = ofConfig({
      url: 'https://x.example/mcp',
      headers: { Authorization: 'Bearer sk-1', 'X-Region': 'eu' },
    })

    expect(found).toMatchObject({
      endpoint: 'https://x.example/mcp',
      input: { transport: 'remote', headers: { 'X-Region': 'eu' } },
      authMethods: [{ placements: [{ name: 'Authorization', prefix: 'Bearer ' }] }],
    })
    expect(JSON.stringify(found)).not.toContain('sk-1')
    AddMcpInput.parse(found?.input)
  })
})
