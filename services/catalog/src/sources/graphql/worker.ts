import { parentPort } from 'node:worker_threads'
import { serveReader } from '../openapi/serve-reader.ts'
import { readSchema } from './reader/read-schema.ts'

if (parentPort) serveReader(parentPort, readSchema)
