import { randomInt } from 'node:crypto'

/** Containers are stopped by whoever started them; the reaper's image need not be there. */
export function disableReaper(): void {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
}

const { env } = process

export const e2eConfig = {
  isCi: env.CI === 'true',
  /** Which forms journeys run on. */
  forms: (env.E2E_FORMS ?? 'local,cluster').split(',').map((name) => name.trim()),
  /** Runs what `npm run build` made, as it is shipped, instead of the sources. */
  isBundled: env.E2E_BUNDLED === '1',
  /** Where the browser is, if not where it usually is. */
  chromiumPath: env.CHROMIUM_PATH,
  natsImage: env.NATS_IMAGE ?? 'nats:2-alpine',
  postgresImage: env.POSTGRES_IMAGE ?? 'postgres:17-alpine',
  /** Where moments are chosen at random; printed, so that a failure can be repeated. */
  seed: env.E2E_SEED === undefined ? null : Number(env.E2E_SEED),
  /** How often each disaster strikes. */
  rounds: Number(env.E2E_ROUNDS ?? 5),
  logLevel: env.E2E_LOG_LEVEL ?? 'info',
}

export function chooseSeed(): number {
  return e2eConfig.seed ?? randomInt(2 ** 31)
}
