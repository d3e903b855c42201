// `npm run dev`: the local form from source, started again when a file changes, and the console's
// development server, which asks it for /api.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, nodeBinary, prepare, root } from './ensure.mjs'

ensureInstalled({ development: true })
prepare(['prisma', 'web'])
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` }
const children = [
  spawn(nodeBinary, ['--watch', 'packages/cli/src/main.ts', 'web', '--foreground'], {
    cwd: root,
    stdio: 'inherit',
    env,
  }),
  spawn(nodeBinary, [join(root, 'node_modules/vite/bin/vite.js'), 'dev'], {
    cwd: join(root, 'web'),
    stdio: 'inherit',
    env,
  }),
]
const end = () => {
  for (const child of children) child.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end)
for (const child of children) child.on('exit', end)
