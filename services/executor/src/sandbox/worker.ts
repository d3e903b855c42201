import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadData, Turn } from './protocol.ts'
import { CellShelf } from './thread/cell-shelf.ts'
import { openCells } from './thread/open-cells.ts'
import { lowerPriority } from './thread/priority.ts'
import { serveRuns } from './thread/serve-runs.ts'
import { installVirtualTime } from './thread/virtual-time.ts'

// The entry of a sandbox thread.
const data = workerData as ThreadData
const send = (turns: Turn[]) => parentPort?.postMessage(turns)
if (data.isQuarantine) lowerPriority()
installVirtualTime()
const shelf = new CellShelf(await openCells(data.wasm, data.limits))
await shelf.prepare()
send([])
parentPort?.on('message', serveRuns({ data, shelf, send }))
