import { parentPort } from 'node:worker_threads'
import { serveReader } from '../openapi/serve-reader.ts'
import { readOffer } from './reader/read-offer.ts'

if (parentPort) serveReader(parentPort, readOffer)
