export const natsImage = process.env.NATS_IMAGE ?? 'nats:2-alpine'

/** In CI a suite whose server is missing must fail. */
export const isCi = process.env.CI === 'true'

/** The reaper is one more image to fetch; every container here is stopped by whoever started it. */
export function disableReaper(): void {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
}
