import { readdirSync, readFileSync } from 'node:fs'

const MIB = 2 ** 20
/** What Linux counts processor time in; the same on every platform that Node runs on. */
const TICKS_PER_SECOND = 100

export interface Memory {
  residentMib: number
  /** The most that was resident at any time since the processes started. */
  peakMib: number
}

/** Memory of processes and of everything that they started. */
export function readMemory(roots: readonly number[]): Memory {
  const statuses = treeOf(roots).map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'))
  const sum = (field: string) =>
    statuses.reduce((total, status) => total + kibibytesOf(status, field) * 1024, 0) / MIB
  return { residentMib: sum('VmRSS'), peakMib: sum('VmHWM') }
}

/** Seconds of processor time that processes have used since they started. */
export function readCpuSeconds(roots: readonly number[]): number {
  const ticks = treeOf(roots).map((pid) => {
    // The name, in brackets, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((total, one) => total + one, 0) / TICKS_PER_SECOND
}

function treeOf(roots: readonly number[]): number[] {
  return roots.flatMap((pid) => [pid, ...treeOf(childrenOf(pid))])
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
}

function kibibytesOf(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}
