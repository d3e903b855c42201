/** What the command line itself reads from the environment. */
export function commandEnvironment(): { token: string | undefined; apiKey: string | undefined } {
  return {
    token: process.env.EXECUTOR_AUTH_TOKEN || undefined,
    apiKey: process.env.EXECUTOR_API_KEY || undefined,
  }
}
