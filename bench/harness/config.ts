const { env, argv } = process

/** What whoever measures can choose. */
export const benchConfig = {
  /** Prints JSON instead of a table. */
  isJson: argv.includes('--json'),
  /** Measures the cluster form: beside the local one in a whole run, instead of it in a single one. */
  isCluster: argv.includes('--cluster'),
  /** Where the bundle is; another one's figures can be put beside it. */
  dist: env.BENCH_DIST ?? 'dist',
  /** For Node itself, as in `BENCH_NODE_OPTIONS="--cpu-prof --cpu-prof-dir=/tmp/profile"`. */
  nodeOptions: env.BENCH_NODE_OPTIONS ?? '',
}
