// `npm test`: installs what is missing, then runs every suite it can and says which it cannot and why.
import { spawnSync } from 'node:child_process'
import { ensureInstalled, nodeBinary, prepare, root } from './ensure.mjs'

ensureInstalled({ development: true })
prepare(['prisma', 'web', 'bundle'])
const { status } = spawnSync(
  nodeBinary,
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
  },
)
process.exit(status ?? 1)
