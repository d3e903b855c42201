// Makes the secrets of a cluster once, and gives each service its own and no other: one folder below
// /secrets for each, every folder a volume that only its service mounts.
//   node setup.mjs          makes what is missing
//   node setup.mjs show     prints the signed-in URL of the console and the agents' bearer
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = '/secrets'
const SERVICES = ['gateway', 'catalog', 'connections', 'policy', 'executor']
const WITH_DATABASE = ['catalog', 'connections', 'policy', 'executor']
const statePath = join(ROOT, 'state', 'secrets.json')

const made = existsSync(statePath) ? JSON.parse(readFileSync(statePath, 'utf8')) : {}
const secret = (name) => (made[name] ??= process.env[name] || `k${randomBytes(32).toString('hex')}`)

if (process.argv[2] === 'show') show()
else make()

function make() {
  const nats = Object.fromEntries(
    SERVICES.map((service) => [
      `NATS_${service.toUpperCase()}_PASSWORD`,
      secret(`NATS_${service.toUpperCase()}_PASSWORD`),
    ]),
  )
  const database = (service) => secret(`POSTGRES_${service.toUpperCase()}_PASSWORD`)
  write('nats', nats)
  write('postgres', {
    POSTGRES_PASSWORD: secret('POSTGRES_PASSWORD'),
    ...Object.fromEntries(
      WITH_DATABASE.map((service) => [
        `POSTGRES_${service.toUpperCase()}_PASSWORD`,
        database(service),
      ]),
    ),
  })
  for (const service of SERVICES) {
    write(service, {
      NATS_PASSWORD: nats[`NATS_${service.toUpperCase()}_PASSWORD`],
      ...(WITH_DATABASE.includes(service) && {
        DATABASE_URL: `postgresql://${service}:${database(service)}@postgres:5432/${service}`,
      }),
      ...(service === 'connections' && { EXECUTOR_SECRET_KEY: secret('EXECUTOR_SECRET_KEY') }),
      ...(service === 'gateway' && {
        EXECUTOR_AUTH_TOKEN: secret('EXECUTOR_AUTH_TOKEN'),
        EXECUTOR_AGENT_TOKEN: secret('EXECUTOR_AGENT_TOKEN'),
      }),
    })
  }
  mkdirSync(join(ROOT, 'state'), { recursive: true })
  writeFileSync(statePath, JSON.stringify(made, null, 2), { mode: 0o600 })
}

/** Letters and digits, beginning with a letter: nothing that a shell, an env file or NATS reads otherwise. */
function write(folder, values) {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(ROOT, folder, 'env'), lines.join(''), { mode: 0o644 })
}

function show() {
  const base = process.env.EXECUTOR_WEB_BASE_URL || 'http://localhost:4788'
  process.stdout.write(
    `Console            ${base}/?_token=${encodeURIComponent(made.EXECUTOR_AUTH_TOKEN)}\n`,
  )
  process.stdout.write(`MCP endpoint       ${base}/mcp\n`)
  process.stdout.write(`Agents' bearer     ${made.EXECUTOR_AGENT_TOKEN}\n`)
}
