import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib'
import { DOCUMENT_BYTES_MAX } from '@executor/contracts'
import type { PastedText } from '../source.ts'

/** Higher ones gain little on descriptions, and take many times as long. */
const LEVEL = 3
/** Documents are counted in characters; in UTF-8 one has at most three bytes. */
const TEXT_BYTES_MAX = 3 * DOCUMENT_BYTES_MAX
const compress = promisify(zstdCompress)

/** Beside whatever its thread does meanwhile. */
export async function compressText(source: string | Uint8Array): Promise<PastedText> {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 }
  const compressed = await compress(source, { params })
  const bytes = new Uint8Array(compressed)
  return { hash: createHash('sha256').update(bytes).digest('hex'), bytes }
}

export function decompressText(bytes: Uint8Array): Uint8Array {
  return zstdDecompressSync(bytes, { maxOutputLength: TEXT_BYTES_MAX })
}
