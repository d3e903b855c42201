import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadData, ToThread } from './protocol.ts'
import { openCells } from './thread/cell.ts'
import { CellShelf } from './thread/cell-shelf.ts'
import { lowerPriority } from './thread/priority.ts'
import { serveRuns } from './thread/serve-runs.ts'
import { installVirtualTime } from './thread/virtual-time.ts'

const data = workerData as ThreadData
if (data.isQuarantine) lowerPriority()
installVirtualTime()
const shelf = new CellShelf(await openCells(data.wasm, data.limits))
await shelf.prepare()
const receive = serveRuns({ data, shelf, send: (turns) => parentPort?.postMessage(turns) })
parentPort?.on('message', (messages: ToThread[]) => receive(messages))
