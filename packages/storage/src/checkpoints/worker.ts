import { parentPort } from 'node:worker_threads'
import Database from 'libsql'
import type { Answer, Progress, Question } from './protocol.ts'

// The entry of the thread that moves pages from write-ahead logs into their files.
const connections = new Map<string, Database.Database>()

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)))

function answer({ id, type, path }: Question): Answer {
  try {
    return { id, progress: type === 'close' ? close(path) : checkpoint(path) }
  } catch (error) {
    return { id, error: String(error) }
  }
}

/** `PASSIVE` moves what it can and lets writers and readers go on meanwhile. */
function checkpoint(path: string): Progress {
  // Waits for nobody: whoever holds the file now is asked again at the next checkpoint.
  const connection = connections.get(path) ?? new Database(path, { timeout: 0 })
  connections.set(path, connection)
  const [row] = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').raw(true).all() as number[][]
  const [busy = 1, logged = 0, moved = 0] = row ?? []
  return busy === 0 ? { logged, moved } : { logged: 0, moved: 0 }
}

function close(path: string): Progress {
  connections.get(path)?.close()
  connections.delete(path)
  return { logged: 0, moved: 0 }
}
