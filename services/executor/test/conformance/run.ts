// `node services/executor/test/conformance/run.ts [scenario …]`: the client half of the official
// conformance suite, against what calls to MCP servers go through here. Gets the suite from npm.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
const CLIENT = join(import.meta.dirname, 'client.ts')
const SCENARIO_MS_MAX = 60_000

/**
 * What each revision asks of a client, without the scenarios of OAuth: tokens are got elsewhere, and
 * what calls a server shows the one it is given. The last of each is not scored.
 */
const SCENARIOS = {
  '2025-11-25': [
    'initialize',
    'tools_call',
    'elicitation-sep1034-client-defaults',
    'sse-retry',
    'json-schema-2020-12-preservation',
  ],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'sep-2322-client-request-state',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    'json-schema-2020-12-preservation',
  ],
}

const wanted = process.argv.slice(2)
let passed = 0
let failed = 0
for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    if (wanted.length > 0 && !wanted.includes(scenario)) continue
    const { status, stdout, stderr } = run(revision, scenario)
    if (status === 0) passed++
    else failed++
    process.stdout.write(`${status === 0 ? '✓' : '✗'} ${revision} ${scenario}\n`)
    if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`)
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

function run(revision: string, scenario: string) {
  return spawnSync(
    'npm',
    [
      ...['exec', '--yes', `--package=${SUITE}`, '--', 'conformance', 'client'],
      ...['--command', `${process.execPath} ${CLIENT}`],
      ...['--scenario', scenario, '--spec-version', revision],
      ...['--timeout', String(SCENARIO_MS_MAX), '--output-dir', join(tmpdir(), 'mcp-conformance')],
    ],
    {
      encoding: 'utf8',
      timeout: 2 * SCENARIO_MS_MAX,
      // The suite needs a later Node than some systems have.
      env: {
        ...process.env,
        PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
      },
    },
  )
}
