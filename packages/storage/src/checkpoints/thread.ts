import { Worker } from 'node:worker_threads'
import type { Answer, Progress, Question } from './protocol.ts'

/** Milliseconds after the last question, after which the thread ends and gives its memory back. */
const IDLE_MS = 8_000
/** Milliseconds for one checkpoint, on a disk that is very busy. */
const ANSWER_MS_MAX = 60_000
/** It holds a few connections, and no data. */
const HEAP_MEBIBYTES = 32

interface Asked {
  resolve(progress: Progress): void
  reject(error: Error): void
}

interface Running {
  worker: Worker
  asked: Map<number, Asked>
  /** Files of which it holds a connection. */
  paths: Set<string>
  idle: NodeJS.Timeout | undefined
}

let running: Running | null = null
let lastId = 0

/**
 * Moves pages from a log into its file, on the thread that does so for all databases of this process
 * and that is started for it where there is none. Throws where the thread, or SQLite on it, fails.
 */
export function checkpointOf(path: string): Promise<Progress> {
  running ??= start()
  running.paths.add(path)
  return ask(running, 'checkpoint', path)
}

/** Closes the thread's connection to a file, so that the last one to close it is its owner's. */
export async function leaveFile(path: string): Promise<void> {
  if (running?.paths.delete(path)) await ask(running, 'close', path)
}

function start(): Running {
  const isSource = import.meta.url.endsWith('.ts')
  const url = new URL(isSource ? './worker.ts' : './checkpoint-worker.mjs', import.meta.url)
  const worker = new Worker(url, {
    name: 'checkpoints',
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  })
  const started: Running = { worker, asked: new Map(), paths: new Set(), idle: undefined }
  worker.unref()
  worker.on('message', (answer: Answer) => {
    const asked = started.asked.get(answer.id)
    started.asked.delete(answer.id)
    if ('error' in answer) asked?.reject(new Error(answer.error))
    else asked?.resolve(answer.progress)
  })
  const end = (error: Error) => {
    if (running === started) running = null
    clearTimeout(started.idle)
    for (const { reject } of started.asked.values()) reject(error)
    started.asked.clear()
  }
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the checkpoint thread ended')))
  return started
}

async function ask(thread: Running, type: Question['type'], path: string): Promise<Progress> {
  lastId += 1
  const question: Question = { id: lastId, type, path }
  clearTimeout(thread.idle)
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Progress>((resolve, reject) => {
      thread.asked.set(question.id, { resolve, reject })
      timer = setTimeout(() => reject(new Error('no answer')), ANSWER_MS_MAX).unref()
      thread.worker.postMessage(question)
    })
  } finally {
    clearTimeout(timer)
    thread.asked.delete(question.id)
    if (thread.asked.size === 0) rest(thread)
  }
}

function rest(thread: Running): void {
  clearTimeout(thread.idle)
  thread.idle = setTimeout(() => void end(thread), IDLE_MS).unref()
}

/** Its connections first: a thread that is ended with them open leaves them to nobody. */
async function end(thread: Running): Promise<void> {
  if (running === thread) running = null
  await Promise.allSettled([...thread.paths].map((path) => ask(thread, 'close', path)))
  clearTimeout(thread.idle)
  await thread.worker.terminate()
}
