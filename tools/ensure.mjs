// Installs and builds, each only where something changed. Runs on any Node from 20 on, before
// anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const nodeBinary = join(root, 'node_modules/node/bin/node')

const INSTALL_STAMP = join(root, 'node_modules/.executor-install')
const NODE_MAJOR_MIN = 20

/** Installs what the lock file says, unless it is there; `development` adds what tests and checks need. */
export function ensureInstalled({ development }) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < NODE_MAJOR_MIN)
    fail(`Node ${NODE_MAJOR_MIN} or newer is needed; this is ${process.version}.`)
  const lock = digest([join(root, 'package-lock.json')])
  const [stampedLock, stampedExtent] = readStamp(INSTALL_STAMP).split(' ')
  const enough = stampedExtent === 'all' || (stampedExtent === 'run' && !development)
  if (stampedLock === lock && enough && existsSync(nodeBinary)) return
  say(development ? 'Installing everything that tests need …' : 'Installing …')
  const extent = development ? [] : ['--omit=dev']
  // Like `npm ci` it takes what the lock file says and changes neither file; unlike it, it does not
  // refuse a lock file without the optional packages of platforms that a registry does not carry.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', ...extent], {
    shell: process.platform === 'win32',
  })
  writeFileSync(INSTALL_STAMP, `${lock} ${development ? 'all' : 'run'}`)
}

const BUILDS = {
  prisma: {
    inputs: [],
    command: ['tools/prisma.ts', 'generate'],
    // Knows by itself what is stale.
    stamp: null,
  },
  web: {
    inputs: ['web', 'packages/contracts/src'],
    command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    cwd: 'web',
    stamp: 'web/build/.stamp',
    // What its own type checks and tests extend; an install takes it away.
    leaves: 'node_modules/$app',
    label: 'Building the console …',
  },
  bundle: {
    inputs: [
      'packages',
      'services',
      'tools/bundle.ts',
      'tools/bundle-plugins.ts',
      'package-lock.json',
    ],
    command: ['tools/bundle.ts'],
    stamp: 'dist/.stamp',
    label: 'Building …',
  },
}

/** Runs the builds whose inputs changed since they last ran. */
export function prepare(names) {
  for (const name of names) {
    const { inputs, command, cwd = '.', stamp, leaves = '.', label } = BUILDS[name]
    const state = stamp && digest(inputs.flatMap((input) => listFiles(join(root, input))))
    const isThere = existsSync(join(root, cwd, leaves))
    if (stamp && isThere && readStamp(join(root, stamp)) === state) continue
    if (label) say(label)
    const [script, ...rest] = command
    run(nodeBinary, [join(root, script), ...rest], { cwd: join(root, cwd) })
    if (stamp) writeFileSync(join(root, stamp), state)
  }
}

export function say(text) {
  process.stderr.write(`${text}\n`)
}

export function fail(text) {
  say(text)
  process.exit(1)
}

export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    ...options,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
  })
  if (error) fail(`${command} cannot be run: ${error.message}`)
  if (status !== 0) fail(`${command} ${args.join(' ')} failed.`)
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

const IGNORED = new Set(['node_modules', 'dist', 'build', '.svelte-kit', 'migrations'])

function listFiles(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name) && !entry.name.endsWith('.test.ts'))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)],
    )
}

/** Content, not time: a fresh checkout of the same files is not stale. */
function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}
