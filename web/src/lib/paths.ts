/** Every URL of the console. */
export const paths = {
  home: () => '/',
  add: () => '/add',
  integration: (slug: string) => `/integrations/${encodeURIComponent(slug)}`,
  /** With the form for an account open. */
  addAccount: (slug: string) => `${paths.integration(slug)}?addAccount=1`,
  resume: (runId: string) => `/resume/${encodeURIComponent(runId)}`,
  /** Of a run, whole. */
  result: (runId: string) => `/api/executions/${encodeURIComponent(runId)}/result`,
  docs: () => '/api/docs',
}
