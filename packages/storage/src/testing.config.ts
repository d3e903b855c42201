// Containers are stopped by whoever started them; the reaper's image need not be there.
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'

const FOLDER = 'EXECUTOR_TEST_SERVERS'
/** Where the process that started a shared server says how to reach it. */
export const SERVER_FILE = 'postgresql.json'

export const testConfig = {
  isCi: process.env.CI === 'true',
  postgresUrl: process.env.TEST_POSTGRES_URL,
  postgresImage: process.env.POSTGRES_IMAGE ?? 'postgres:17-alpine',
  /** Set for every test process of a run. */
  sharedFolder: process.env[FOLDER],
}

/** Processes that are started from now on share their servers through a folder. */
export function shareTestServers(folder: string): void {
  process.env[FOLDER] = folder
}
