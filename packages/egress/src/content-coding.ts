import type { Transform } from 'node:stream'
import {
  type BrotliOptions,
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  type ZstdOptions,
  zstdDecompressSync,
} from 'node:zlib'
import { egressError } from './failure.ts'
import { joinChunks } from './join-chunks.ts'
import { CODINGS_MAX } from './limits.ts'

/** What we ask for where the caller does not say. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd'

/** Below this a thread costs more than the work. */
const SYNC_BYTES_MAX = 4096
const SYNC_OUTPUT_BYTES_MAX = 256 * 1024
/** Of what comes out of a decompressing stream at a time. */
const CHUNK_BYTES = 128 * 1024

interface Decoding {
  host: string
  maxBytes: number
  /** The end is missing because we stopped reading. */
  truncated: boolean
}

/** Undoes `content-encoding`, never into more than `maxBytes`. */
export async function decodeContent(
  body: Buffer,
  encoding: string,
  decoding: Decoding,
): Promise<Buffer> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const refuse = (why: string) =>
    egressError('egress_invalid_response', `The answer of ${decoding.host} ${why}.`, {
      host: decoding.host,
      sent: true,
    })
  if (codings.length > CODINGS_MAX) throw refuse('is compressed too many times over')
  let decoded = body
  for (const coding of codings.reverse()) {
    // Servers label empty bodies too.
    if (decoded.length === 0) return decoded
    const codec = codecOf(coding, decoded)
    if (!codec) throw refuse(`uses the unknown content coding "${coding.slice(0, 40)}"`)
    decoded = await run(codec, decoded, coding, decoding)
  }
  return decoded
}

type Options = ZlibOptions & BrotliOptions & ZstdOptions
interface Codec {
  sync: (body: Buffer, options: Options) => Buffer
  open: (options: Options) => Transform
  /** Accepts an end that is missing. */
  flush: number
}

const GZIP: Codec = {
  sync: gunzipSync,
  open: createGunzip,
  flush: constants.Z_SYNC_FLUSH,
}
const ZLIB: Codec = {
  sync: inflateSync,
  open: createInflate,
  flush: constants.Z_SYNC_FLUSH,
}
const RAW_DEFLATE: Codec = {
  sync: inflateRawSync,
  open: createInflateRaw,
  flush: constants.Z_SYNC_FLUSH,
}
const BROTLI: Codec = {
  sync: brotliDecompressSync,
  open: createBrotliDecompress,
  flush: constants.BROTLI_OPERATION_FLUSH,
}
const ZSTD: Codec = {
  sync: zstdDecompressSync,
  open: createZstdDecompress,
  flush: constants.ZSTD_e_flush,
}

function codecOf(coding: string, body: Buffer): Codec | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return GZIP
    case 'deflate':
      // "deflate" means zlib, and half the servers that say so send it raw (RFC 9110, 8.4.1.2).
      return ((body[0] ?? 0) & 0x0f) === 8 ? ZLIB : RAW_DEFLATE
    case 'br':
      return BROTLI
    case 'zstd':
      return ZSTD
    default:
      return undefined
  }
}

async function run(codec: Codec, body: Buffer, coding: string, decoding: Decoding) {
  const { host, maxBytes, truncated } = decoding
  const flush = truncated ? { finishFlush: codec.flush } : {}
  try {
    if (body.length <= SYNC_BYTES_MAX) {
      try {
        const maxOutputLength = Math.min(maxBytes, SYNC_OUTPUT_BYTES_MAX)
        return codec.sync(body, { maxOutputLength, ...flush })
      } catch (error) {
        if (!isOverrun(error)) throw error
      }
    }
    return await collect(codec.open({ chunkSize: CHUNK_BYTES, ...flush }), body, maxBytes)
  } catch (error) {
    const progress = { host, sent: true }
    if (isOverrun(error))
      throw egressError(
        'egress_too_large',
        `${host} answers with more than ${maxBytes} bytes once decompressed; ask it for less.`,
        progress,
        error,
      )
    throw egressError(
      'egress_invalid_response',
      `${host} says its answer is compressed with ${coding}, and it is not.`,
      progress,
      error,
    )
  }
}

/** What comes out of the stream, joined so that others get their turn. */
async function collect(stream: Transform, body: Buffer, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  stream.end(body)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Overrun()
    chunks.push(chunk)
  }
  return joinChunks(chunks, size)
}

/** Named as what the synchronous functions throw. */
class Overrun extends Error {
  readonly code = 'ERR_BUFFER_TOO_LARGE'
}

function isOverrun(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
