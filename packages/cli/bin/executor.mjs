#!/usr/bin/env node
// Runs the command line on the Node that this project brings along, whatever the system's is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const own = join(root, 'node_modules/node/bin/node')
const bundle = join(root, 'dist/executor.mjs')
const entry = existsSync(bundle) ? bundle : join(root, 'packages/cli/src/main.ts')
const child = spawn(existsSync(own) ? own : process.execPath, [entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
