// Containers are stopped by the tests that started them; the reaper image need not be there.
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'

export const testConfig = {
  isCi: process.env.CI === 'true',
  postgresUrl: process.env.TEST_POSTGRES_URL,
  postgresImage: process.env.POSTGRES_IMAGE ?? 'postgres:17-alpine',
}
