// `npm run check`: format and lint, import directions, dead code, types. What CI runs first.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, prepare, root, say } from './ensure.mjs'

ensureInstalled({ development: true })
// The console's build makes the types that its pages import.
prepare(['prisma', 'web'])
const checks = [
  ['biome', ['ci', '--error-on-warnings', '.']],
  [
    'depcruise',
    [
      'packages',
      'services',
      'web/src',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  ],
  ['knip', ['--no-progress']],
  ['nx', ['run', 'executor-workspace:typecheck', '--output-style=static']],
  [
    'svelte-check',
    [
      '--workspace',
      'web',
      '--tsconfig',
      './tsconfig.json',
      '--threshold',
      'error',
      '--output',
      'human',
    ],
  ],
]
let failed = 0
for (const [command, args] of checks) {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    },
  })
  if (status === 0) continue
  failed++
  say(`✗ ${command} ${args.join(' ')}\n${stdout}${stderr}`)
}
say(failed === 0 ? `${checks.length} checks pass` : `${failed} of ${checks.length} checks fail`)
process.exit(failed === 0 ? 0 : 1)
