/** Every URL of the console. */
export const paths = {
  home: () => '/',
  resume: (runId: string) => `/resume/${encodeURIComponent(runId)}`,
  docs: () => '/api/docs',
}
