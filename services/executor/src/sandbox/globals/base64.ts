import type { Kernel } from './kernel.ts'

/** `atob` and `btoa`. */
export function installBase64(kernel: Kernel): void {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const CHUNK = 8192
  const codes = new Uint8Array(64)
  const values = new Uint8Array(128).fill(255)
  for (let index = 0; index < 64; index += 1) {
    codes[index] = ALPHABET.charCodeAt(index)
    values[ALPHABET.charCodeAt(index)] = index
  }
  const { fromCharCode } = String

  const toText = (bytes: Uint8Array): string => {
    let text = ''
    for (let start = 0; start < bytes.length; start += CHUNK) {
      text += fromCharCode.apply(null, bytes.subarray(start, start + CHUNK) as unknown as number[])
    }
    return text
  }

  kernel.define('btoa', (value: unknown) => {
    const input = `${value}`
    const output = new Uint8Array(Math.ceil(input.length / 3) * 4).fill(61)
    for (let read = 0, write = 0; read < input.length; read += 3, write += 4) {
      const a = input.charCodeAt(read)
      const b = read + 1 < input.length ? input.charCodeAt(read + 1) : 0
      const c = read + 2 < input.length ? input.charCodeAt(read + 2) : 0
      if (a > 255 || b > 255 || c > 255) {
        throw new TypeError(
          'btoa takes bytes as characters up to U+00FF. Encode text first: ' +
            'btoa(String.fromCharCode(...new TextEncoder().encode(text))).',
        )
      }
      output[write] = codes[a >> 2] ?? 0
      output[write + 1] = codes[((a & 3) << 4) | (b >> 4)] ?? 0
      if (read + 1 < input.length) output[write + 2] = codes[((b & 15) << 2) | (c >> 6)] ?? 0
      if (read + 2 < input.length) output[write + 3] = codes[c & 63] ?? 0
    }
    return toText(output)
  })

  kernel.define('atob', (value: unknown) => {
    const input = `${value}`.replace(/[\t\n\f\r ]+/g, '')
    const padded = input.length % 4 === 0 ? /={0,2}$/.exec(input)?.[0].length : 0
    const length = input.length - (padded ?? 0)
    if (length % 4 === 1) throw new TypeError('atob: this is not base64; its length is wrong.')
    const output = new Uint8Array(Math.floor((length * 3) / 4))
    for (let read = 0, write = 0, held = 0, bits = 0; read < length; read += 1) {
      const value = values[input.charCodeAt(read)] ?? 255
      if (value === 255) {
        throw new TypeError(
          `atob: this is not base64; character ${read + 1} is ${kernel.stringify(input[read])}.`,
        )
      }
      held = ((held << 6) | value) & 0xffffff
      bits += 6
      if (bits >= 8) {
        bits -= 8
        output[write] = (held >> bits) & 255
        write += 1
      }
    }
    return toText(output)
  })
}
