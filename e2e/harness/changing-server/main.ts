// `main.ts <legacy|modern> [port]`: over HTTP where a port is given, over its pipes otherwise.
import { serveFetch } from '../serve-fetch.ts'
import { createLegacyHandler, serveLegacyStdio } from './legacy.ts'
import { createModernHandler, serveModernStdio } from './modern.ts'

const [era, port] = process.argv.slice(2)
const isModern = era === 'modern'

if (port) await serveFetch(isModern ? createModernHandler() : createLegacyHandler(), Number(port))
else if (isModern) serveModernStdio()
else await serveLegacyStdio()
