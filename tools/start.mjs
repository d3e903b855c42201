// `npm start`: installs what is missing, builds what is stale, runs the local form. Plain JavaScript
// for the system's Node, whichever it is; everything after the install runs on the Node that the
// install brings along.
import { spawn } from 'node:child_process'
import { ensureInstalled, nodeBinary, prepare, root } from './ensure.mjs'

ensureInstalled({ development: false })
prepare(['prisma', 'web', 'bundle'])
const child = spawn(
  nodeBinary,
  ['dist/executor.mjs', 'web', '--foreground', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
