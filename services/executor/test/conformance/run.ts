// `node services/executor/test/conformance/run.ts [scenario …]`: the client half of the official
// conformance suite, against what calls to MCP servers go through here. Gets the suite from npm.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
const CLIENT = join(import.meta.dirname, 'client.ts')
const SIGNING_IN = join(
  import.meta.dirname,
  '../../../../packages/local/test/conformance/client.ts',
)
const SCENARIO_MS_MAX = 60_000
/** What is spoken, how servers of the first revision want OAuth, and what no revision asks for. */
const REVISIONS = ['2025-03-26', '2025-11-25', '2026-07-28', 'extension']

/** Why a scenario does not pass; one that passes all the same is to be taken off here. */
const EXPECTED_TO_FAIL: Readonly<Record<string, string>> = {
  'auth/dpop': 'tokens are bearer tokens alone: none is bound to a key',
  'auth/dpop-nonce': 'tokens are bearer tokens alone: none is bound to a key',
  'auth/enterprise-managed-authorization': 'there is no identity provider whose tokens to exchange',
  'auth/wif-jwt-bearer': 'there is no workload identity whose tokens to show',
}

/** Where a server wants OAuth, the whole product is driven: tokens are not the executor's business alone. */
function clientFor(scenario: string): string {
  return scenario.startsWith('auth/') ? SIGNING_IN : CLIENT
}

const wanted = process.argv.slice(2)
const counts = { passed: 0, failed: 0, expected: 0 }
for (const { revision, scenario } of listScenarios()) {
  if (wanted.length > 0 && !wanted.includes(scenario)) continue
  const { status, stdout, stderr } = conformance(
    ...[
      'client',
      '--command',
      `${process.execPath} ${clientFor(scenario)}`,
      '--scenario',
      scenario,
    ],
    ...(revision === 'extension' ? [] : ['--spec-version', revision]),
    ...['--timeout', String(SCENARIO_MS_MAX), '--output-dir', join(tmpdir(), 'mcp-conformance')],
  )
  const reason = EXPECTED_TO_FAIL[scenario] ?? null
  const [, checks = ''] = /^Passed: (\d+\/\d+)/m.exec(`${stdout}${stderr}`) ?? []
  const isAsExpected = (status === 0) === (reason === null)
  if (!isAsExpected) counts.failed++
  else if (reason === null) counts.passed++
  else counts.expected++
  const mark = isAsExpected ? (reason === null ? '✓' : '–') : '✗'
  const note = !isAsExpected && status === 0 ? 'was expected to fail' : (reason ?? '')
  process.stdout.write(
    `${mark} ${revision} ${scenario} (${checks} checks) ${note}`.trim().concat('\n'),
  )
  if (!isAsExpected && status !== 0) process.stdout.write(`${stdout}${stderr}\n`)
}
const { passed, failed, expected } = counts
process.stdout.write(`${expected} failed as expected\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 && passed + expected > 0 ? 0 : 1)

/** Every scenario for a client that the suite has, once for each revision it belongs to. */
function listScenarios(): { revision: string; scenario: string }[] {
  const { stdout } = conformance('list')
  const [, section = ''] = /^Client scenarios[^\n]*\n((?: .*\n)*)/m.exec(stdout) ?? []
  const rows = [...section.matchAll(/- (\S+) \[(.*)\]/g)]
  return REVISIONS.flatMap((revision) =>
    rows.flatMap(([, scenario = '', revisions = '']) =>
      revisions.split(',').includes(revision) ? [{ revision, scenario }] : [],
    ),
  )
}

function conformance(...words: string[]) {
  return spawnSync('npm', ['exec', '--yes', `--package=${SUITE}`, '--', 'conformance', ...words], {
    encoding: 'utf8',
    timeout: 2 * SCENARIO_MS_MAX,
    // The suite needs a later Node than some systems have.
    env: { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}` },
  })
}
