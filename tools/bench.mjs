// `npm run bench`: installs what is missing, builds what is stale, measures what ships. Nothing else
// should run on the machine meanwhile; the ratios of one run are what counts.
import { spawnSync } from 'node:child_process'
import { ensureInstalled, nodeBinary, prepare, root } from './ensure.mjs'

ensureInstalled({ development: true })
prepare(['prisma', 'web', 'bundle'])
const { status } = spawnSync(nodeBinary, ['bench/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
