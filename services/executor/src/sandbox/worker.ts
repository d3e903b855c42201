import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread, ThreadData } from './protocol.ts'
import { CellShelf } from './thread/cell-shelf.ts'
import { makeMould, openCells } from './thread/open-cells.ts'
import { lowerPriority } from './thread/priority.ts'
import { serveRuns } from './thread/serve-runs.ts'
import { installVirtualTime } from './thread/virtual-time.ts'

// The entry of a sandbox thread.
const data = workerData as ThreadData
const send = (message: FromThread) => parentPort?.postMessage(message)
if (data.isQuarantine) lowerPriority()
installVirtualTime()
const mould = data.mould ?? (await makeMould(data.wasm, data.limits))
const shelf = new CellShelf(openCells(mould, data.limits))
await shelf.prepare()
send({ mould: data.mould ? null : mould })
parentPort?.on('message', serveRuns({ data, shelf, send }))
