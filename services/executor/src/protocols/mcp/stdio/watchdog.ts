import { type ChildProcess, spawn } from 'node:child_process'

/** Ends the process groups of servers when this process is gone, however it went. */
export interface Watchdog {
  /** Resolves once the group is watched over. */
  watch(group: number): Promise<void>
  forget(group: number): void
  close(): void
}

/**
 * Reads `+ <group>` and `- <group>`. The end of its input is the end of us: what is still watched is
 * told to stop, and ended a second later. A session is ended too where the system shows whose it is:
 * jobs of a shell have groups of their own.
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
[ -z "\${groups# }" ] && exit 0
members() {
  for stat in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null < "$stat" || continue
    set -- \${line##*) }
    case "$groups" in *" $4 "*) stat=\${stat#/proc/}; echo "\${stat%/stat}" ;; esac
  done
}
for group in $groups; do kill -TERM -- "-$group" 2>/dev/null; done
sleep 1
for pid in $(members 2>/dev/null); do kill -KILL "$pid" 2>/dev/null; done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
`

/** One shell for all servers, started with the first. */
export function createWatchdog(): Watchdog {
  const groups = new Set<number>()
  let shell: ChildProcess | null = null
  let closed = false

  function start(): ChildProcess {
    const started = spawn('/bin/sh', ['-c', SCRIPT], {
      // Signals for our own group, such as a Ctrl-C, are none for it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
    })
    // It must not keep us alive; that we are gone is what it waits for.
    started.unref()
    started.on('error', () => {})
    started.stdin?.on('error', () => {})
    started.once('exit', () => {
      if (shell !== started) return
      shell = null
      if (!closed && groups.size > 0) for (const group of groups) void tell('+', group)
    })
    return started
  }

  function tell(sign: '+' | '-', group: number): Promise<void> {
    shell ??= start()
    const { stdin } = shell
    return new Promise((resolve) => stdin?.write(`${sign} ${group}\n`, () => resolve()))
  }

  return {
    watch(group) {
      groups.add(group)
      return tell('+', group)
    },
    forget(group) {
      groups.delete(group)
      if (shell) void tell('-', group)
    },
    close() {
      closed = true
      shell?.stdin?.end()
      shell = null
    },
  }
}
