import { parentPort } from 'node:worker_threads'
import { readDescription } from './reader/read-description.ts'
import { serveReader } from './serve-reader.ts'

if (parentPort) serveReader(parentPort, readDescription)
