// `npm run e2e [-- --local | --cluster] [vitest's own arguments]`: the journeys, on both forms where
// this machine can run both. The cluster form needs Docker: without it that form is left out, saying
// so, but in CI its absence is a failure.
import { spawnSync } from 'node:child_process'
import { ensureInstalled, fail, nodeBinary, prepare, root, say } from './ensure.mjs'

const FORMS = ['local', 'cluster']
const DOCKER_MS_MAX = 15_000

const given = process.argv.slice(2)
const named = FORMS.filter((form) => given.includes(`--${form}`))
const rest = given.filter((word) => !FORMS.some((form) => word === `--${form}`))
const forms = chooseForms(named.length > 0 ? named : FORMS)
if (forms.length === 0) process.exit(0)

ensureInstalled({ development: true })
prepare(['prisma', 'web', 'bundle'])
const { status } = spawnSync(
  nodeBinary,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/vitest.config.ts', ...rest],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${root}/node_modules/.bin:${process.env.PATH}`,
      E2E_FORMS: forms.join(','),
      // What is shipped is what is tested.
      E2E_BUNDLED: process.env.E2E_BUNDLED ?? '1',
    },
  },
)
process.exit(status ?? 1)

function chooseForms(wanted) {
  const missing = wanted.includes('cluster') ? whyNoDocker() : null
  if (missing === null) return wanted
  if (process.env.CI === 'true') fail(`The cluster form cannot be started: ${missing}`)
  say(`The cluster form is skipped: ${missing}`)
  return wanted.filter((form) => form !== 'cluster')
}

function whyNoDocker() {
  const { status, error, stderr } = spawnSync(
    'docker',
    ['version', '--format', '{{.Server.Version}}'],
    { timeout: DOCKER_MS_MAX, encoding: 'utf8' },
  )
  if (status === 0) return null
  const reason = error?.message ?? stderr.trim().split('\n').at(-1)
  return `no Docker engine answers (${reason}).`
}
